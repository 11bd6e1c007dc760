import { incident } from '../model/incident.ts';

export const zalandoDelayedCni = incident({
  id: 'zalando-delayed-cni',
  title: 'The network was installed after a sleep of two minutes',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, race conditions',
  story:
    'Zalando had 502 errors while clusters were updated, because of a race in setting up the network: pods started on a ' +
    'node before its network worked. The remedy was a container beside flannel, delayed-install-cni, which ran sleep 120 ' +
    '& cp -f /etc/kube-flannel/cni-conf.json /etc/cni/net.d/10-flannel.conf && cat: it was meant to wait two minutes before it ' +
    'declared the network ready. The talk shows it among the race conditions. The single & sends the sleep to the background, so the copy ' +
    'waits for nothing.',
  lessons: {
    sleepIsNoOrder: {
      id: 'L50',
      teaches: 'A sleep before a step is a guess at how long another takes, and no order.',
      inShort: 'a container slept 120 s before it declared the network ready; pods met nodes without one.',
    },
  },
});
