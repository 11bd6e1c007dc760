import { datadogSystemOom } from '../incidents/datadog-system-oom.ts';
import { LimitRange, podKinds } from '../kubernetes/kinds.ts';
import { hasDefaultMemory, hasMemory } from '../kubernetes/memory.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { inSameNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'memory-request-missing',
  title: 'A container has no memory request',
  severity: 'deny',
  lessons: [datadogSystemOom.lessons.requestsTooLow],
  why:
    'The scheduler counts a missing memory request as 0, so it fills the node with pods until the memory is gone. ' +
    'Then the kernel kills system-wide, and processes without a request are its first victims.',
  unless:
    'something else sets the request before the pod runs: a VerticalPodAutoscaler, a mutating webhook, or a LimitRange that is not among the files',
  kinds: podKinds,
  needs: { limitRanges: inSameNamespace(LimitRange) },
  *check({ object, kind, known }) {
    const pod = podTemplate(object, kind);
    if (!pod || hasMemory(pod.spec.resources, 'requests')) return;
    if (known.limitRanges.some(range => hasDefaultMemory(range, 'requests'))) return;

    for (const { container, role, path } of pod.containers) {
      // Without an image it is a patch, merged into a container that may say more.
      if (container.image === undefined) continue;
      if (role === 'ephemeral' || hasMemory(container.resources, 'requests')) continue;
      const request = [...path, 'resources', 'requests', 'memory'];
      const zero = container.resources?.requests?.memory;
      const kind = role === 'init' ? 'init container' : 'container';
      yield {
        path: request,
        what:
          zero == null
            ? `${kind} "${container.name}" has no memory request`
            : `${kind} "${container.name}" requests memory: ${zero}, which counts as none`,
        fix: () => `${snippet(request, '256Mi', object)}    # 256Mi is an example: see kubectl top pod`,
        // An init container ends before the pod does its work; a bare Pod is started by hand, in an outage too.
        severity: role === 'init' || object.kind === 'Pod' ? 'warn' : 'deny',
      };
    }
  },
});
