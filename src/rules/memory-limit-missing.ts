import { flantNodeOutOfMemory } from '../incidents/flant-node-out-of-memory.ts';
import { LimitRange, podKinds } from '../kubernetes/kinds.ts';
import { hasDefaultMemory, hasMemory } from '../kubernetes/memory.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { inSameNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

/** They run on every node, or hold the data that a node must not take with it. */
const WARNED_KINDS = ['DaemonSet', 'StatefulSet'];

export default rule({
  id: 'memory-limit-missing',
  title: 'A container may take all memory of its node',
  severity: 'warn',
  lessons: [flantNodeOutOfMemory.lessons.nothingBoundIt],
  why:
    'Without a memory limit a container that leaks or meets a large request uses what the node has. The kernel then ' +
    'thrashes its page cache, the node stops answering, and everything on it goes down, not only the culprit.',
  unless: 'the program lives off the page cache, or bounds its own memory, and the node is its alone',
  kinds: podKinds,
  needs: { limitRanges: inSameNamespace(LimitRange) },
  *check({ object, kind, known }) {
    const pod = podTemplate(object, kind);
    if (!pod || hasMemory(pod.spec.resources, 'limits')) return;
    if (known.limitRanges.some(range => hasDefaultMemory(range, 'limits'))) return;

    const warned = WARNED_KINDS.includes(object.kind ?? '') || object.metadata?.namespace === 'kube-system';
    for (const { container, role, path } of pod.containers) {
      // Without an image it is a patch, merged into a container that may say more.
      if (container.image === undefined) continue;
      if (role === 'ephemeral' || role === 'init' || hasMemory(container.resources, 'limits')) continue;
      const limit = [...path, 'resources', 'limits', 'memory'];
      yield {
        path: limit,
        what: `container "${container.name}" has no memory limit`,
        fix: () => `${snippet(limit, '512Mi', object)}    # 512Mi is an example: see kubectl top pod`,
        severity: warned ? 'warn' : 'note',
      };
    }
  },
});
