import { zalandoCoreDns } from '../incidents/zalando-coredns-out-of-memory.ts';
import { ndotsOf, outsideHost } from '../kubernetes/dns.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const MOST = 2;

export default rule({
  id: 'ndots-5',
  title: 'Names outside the cluster are looked up in every search domain first',
  severity: 'note',
  lessons: [zalandoCoreDns.lessons.manyQueriesForOneName],
  why:
    'With ndots:5, the default, a name with fewer than five dots is tried in each search domain before it is tried as it ' +
    'is, for IPv4 and for IPv6: up to ten queries for one look-up. In a busy moment they drown the DNS of the cluster.',
  unless: 'such names are looked up seldom, or a cache on the node answers',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    const ndots = pod && ndotsOf(pod);
    if (!pod || ndots === undefined || ndots <= MOST) return;
    for (const { container, role } of pod.containers) {
      const host = role === 'app' || role === 'sidecar' ? outsideHost(container) : undefined;
      if (host === undefined) continue;
      const path = [...pod.path, 'spec', 'dnsConfig'];
      yield {
        path,
        what: `container "${container.name}" looks up ${host}, which ndots:${ndots} makes it try in every search domain first`,
        fix: () =>
          `${snippet(path, { options: [{ name: 'ndots', value: String(MOST) }] })}\nor end the name with a dot: ${host}.`,
      };
      return;
    }
  },
});
