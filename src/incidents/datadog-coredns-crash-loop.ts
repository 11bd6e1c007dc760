import { incident } from '../model/incident.ts';

export const datadogCoreDns = incident({
  id: 'datadog-coredns-crash-loop',
  title: 'CoreDNS did not grow with its cluster',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'On the way from 100 to 1,000 nodes CoreDNS crash-looped: after six hours a pod had been restarted 40 times, after ' +
    'seventeen 140 times. With "pods verified" it kept every pod of the cluster in memory, until the fixed memory limit ' +
    'killed it; and with nodesPerReplica: 16 it wanted a pod for every sixteen nodes, of which there were not enough.',
  lessons: {
    sizedByHand: {
      id: 'L33',
      teaches: 'DNS that is sized by hand dies with the growth of its cluster.',
      inShort: 'CoreDNS with "pods verified" outgrew its memory limit: 140 restarts within 17 hours.',
    },
  },
});
