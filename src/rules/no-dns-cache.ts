import { zalandoCoreDns } from '../incidents/zalando-coredns-out-of-memory.ts';
import { serverBlocks } from '../kubernetes/corefile.ts';
import { ConfigMap } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'no-dns-cache',
  title: "The cluster's DNS forwards every query and remembers no answer",
  severity: 'note',
  lessons: [zalandoCoreDns.lessons.nothingCached],
  why:
    'CoreDNS asks its upstream anew for each query unless the plugin cache stands in the same server block. When traffic ' +
    'rises the queries rise with it, wait for the upstream, and pile up in the memory of CoreDNS until it is killed.',
  unless: 'the answers must never be old, or whoever asks caches for itself',
  kinds: [ConfigMap],
  // In a cluster the ConfigMap of CoreDNS is in kube-system, which no webhook of ours is asked about: this is for files.
  *check({ object: { data } }) {
    const corefile = own(data, 'Corefile');
    if (typeof corefile !== 'string') return;
    const blocks = serverBlocks(corefile);
    // Some other DNS server is nobody's concern but its users'.
    if (!blocks.some(({ plugins }) => plugins.has('kubernetes'))) return;
    for (const { name, plugins } of blocks) {
      const upstream = plugins.get('forward') ?? plugins.get('proxy');
      if (upstream === undefined || plugins.has('cache') || plugins.has('import')) continue;
      yield {
        path: ['data', 'Corefile'],
        what: `server block "${name}" forwards to ${upstream.replace(/^\S+ /, '')} and caches nothing, so the same name is asked there again and again`,
        fix: () =>
          `give the block a line for the plugin cache:\n${name} {\n    cache 30    # seconds, for example`,
        key: `no-dns-cache of ${name}`,
      };
    }
  },
});
