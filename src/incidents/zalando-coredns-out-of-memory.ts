import { incident } from '../model/incident.ts';

export const zalandoCoreDns = incident({
  id: 'zalando-coredns-out-of-memory',
  title: 'A wave of DNS queries had CoreDNS killed, and nothing found its way',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 3',
  story:
    'HTTP requests rose, were retried, and with them rose the DNS queries: nothing was cached, connections were short-lived, ' +
    'and with ndots:5 each name outside the cluster was asked for several times over. CoreDNS needed more memory than ' +
    'its fixed limit allowed and was killed by the OOM killer; the ingress answered with errors, and monitoring, which ' +
    'needs DNS too, was hit as well. A higher limit helped at first. The same talk quotes somebody whose EKS ' +
    'cluster came with a single DNS pod, which gave up at 150 concurrent queries.',
  lessons: {
    manyQueriesForOneName: {
      id: 'L31',
      teaches: 'With ndots:5 one look-up of a name outside the cluster is many queries.',
      inShort: 'with ndots:5 and no cache every look-up became many; CoreDNS was killed at its memory limit.',
    },
    nothingCached: {
      id: 'L34',
      teaches: 'DNS that caches nothing passes every wave of traffic on to its upstream.',
      inShort: 'nothing cached DNS: a wave of requests became a wave of queries, and CoreDNS was killed.',
    },
    monitoringNeedsDns: {
      id: 'L34',
      teaches: 'Monitoring that needs the DNS of the cluster is gone when that is.',
      inShort: 'the outage of DNS hit the monitoring as well.',
      beyondReach:
        'Which names a program of the monitoring looks up, and with which resolver, is told by no manifest. A drill shows ' +
        'it: stop the DNS of a test cluster, and see whether the alert arrives.',
    },
    fixedLimit: {
      id: 'L33',
      teaches: 'A fixed memory limit, or a single pod, makes DNS the outage of everything.',
      inShort: 'a wave of queries had CoreDNS killed at its memory limit, and the ingress failed with it.',
    },
  },
});
