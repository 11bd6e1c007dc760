import { incident } from '../model/incident.ts';

export const zalandoDnsLatency = incident({
  id: 'zalando-dns-latency',
  title: 'DNS answers that took five seconds had the whole DNS set up anew',
  who: 'Zalando',
  when: '2019',
  source:
    'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, a million ways to crash your cluster',
  story:
    'Among the million ways to crash a cluster Zalando counted DNS answers that took five seconds. The whole DNS was set up ' +
    'anew for it: away from kube-dns, to a dnsmasq and CoreDNS on the node itself.',
  lessons: {
    cacheOnTheNode: {
      id: 'L32',
      teaches: 'DNS that is asked on the node itself needs no NAT, and loses no query in it.',
      inShort: 'DNS answers took 5 s, so dnsmasq and CoreDNS came to the node itself.',
    },
  },
});
