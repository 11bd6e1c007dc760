import { incident } from '../model/incident.ts';

export const zalandoDelayedCni = incident({
  id: 'zalando-delayed-cni',
  title: 'The network was installed after a sleep of two minutes',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, race conditions',
  story:
    'Among a million ways to crash a cluster Zalando named 502 errors while clusters were updated: a race in setting up ' +
    'the network. Under the title of race conditions the talk shows a container of the flannel DaemonSet, system-node-critical ' +
    'and called delayed-install-cni, that sleeps for 120 seconds and then copies cni-conf.json to /etc/cni/net.d, which is ' +
    'how a node learns that its network is there. What it waits for has two minutes to get ready, and nothing checks that it is.',
  lessons: {
    sleepIsNoOrder: {
      id: 'L50',
      teaches: 'A sleep before a step is a guess at how long another takes, and no order.',
      inShort: 'a container slept 120 s before it declared the network of its node ready: a race, put off.',
    },
  },
});
