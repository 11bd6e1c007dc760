import { incident } from '../model/incident.ts';

export const zalandoT2 = incident({
  id: 'zalando-t2-etcd',
  title: 'etcd on T2 instances could not be reached now and then',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 5',
  story:
    'The latency of the API rose in spikes: now and then workers and masters failed to connect to etcd, API servers timed ' +
    'out, and pods lost connections. What helped at first was a loop that asked the API every sixty seconds, and restarted ' +
    'the etcd member when there was no answer within five. AWS later confirmed problems with the network during a ' +
    '"non-intrusive maintenance", which had hit T2 instances alone; it does not advise against T2 in production.',
  lessons: {
    burstable: {
      id: 'L23',
      teaches: 'A burstable instance is no place for etcd, which needs its share at all times.',
      inShort: 'etcd on T2 instances could not be reached now and then; only T2 was affected, AWS said.',
    },
  },
});
