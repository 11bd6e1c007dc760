import { datadogDnsTimeouts } from '../incidents/datadog-dns-timeouts.ts';
import { zalandoDnsLatency } from '../incidents/zalando-dns-latency.ts';
import { kindsOfKubelets, kubeletSettings } from '../kubernetes/kubelet-settings.ts';
import { rule } from '../model/rule.ts';

/** Nothing else is one: a placeholder, say. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*(?::[\da-f]*){2,7})$/i;
/** Addresses of the node itself. NodeLocal DNSCache takes one of the link-local ones. */
const OF_THE_NODE = /^(?:169\.254\.|127\.|fe80:|::1$)/i;

export default rule({
  id: 'dns-5s',
  title: 'Queries to the DNS of the cluster go through NAT, where two at once may race',
  severity: 'note',
  lessons: [zalandoDnsLatency.lessons.cacheOnTheNode, datadogDnsTimeouts.lessons.twoQueriesRace],
  why:
    'A resolver asks for IPv4 and IPv6 at once from one port. On the way to a Service both are translated by conntrack, ' +
    'which may drop one of two such packets; then the resolver waits five seconds before it asks again.',
  unless:
    "NodeLocal DNSCache listens on the node at that very address too, as it can where kube-proxy doesn't use IPVS",
  kinds: kindsOfKubelets,
  *check({ object, kind }) {
    for (const settings of kubeletSettings(object, kind)) {
      const { clusterDNS } = settings.values;
      const far = (Array.isArray(clusterDNS) ? clusterDNS : []).filter(
        address => typeof address === 'string' && ADDRESS.test(address) && !OF_THE_NODE.test(address),
      );
      if (far.length === 0) continue;
      yield {
        path: settings.pathOf('clusterDNS'),
        what: `pods look up names at ${far.join(', ')}, which ${far.length === 1 ? 'is' : 'are'} not on their node: of two queries at once NAT may drop one`,
        fix: () =>
          `${settings.written('clusterDNS', ['169.254.20.10']).lines}\nonce NodeLocal DNSCache listens at that address on every node; or, for single pods with glibc:\n` +
          'dnsConfig:\n  options:\n  - name: single-request-reopen',
      };
    }
  },
});
