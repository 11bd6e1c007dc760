import { zalandoThrottled } from '../incidents/zalando-credentials-throttled.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { rule } from '../model/rule.ts';

/** Of each 100 ms such a container runs at most 20. */
const LEAST_CORES = 0.2;

export default rule({
  id: 'cpu-limit-throttling',
  title: 'A CPU limit holds up what others wait for',
  severity: 'note',
  lessons: [zalandoThrottled.lessons.limitsThrottle],
  why:
    'At its CPU limit a container is stopped for the rest of every 100 ms, even on a node with nothing else to do. What is ' +
    'quick as long as there is little to do falls behind when there is more, and everything that waits for it does too.',
  unless: 'the limit is there for billing or for the Guaranteed class, and nothing waits for the container',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    const shared =
      object.metadata?.namespace === 'kube-system' || /^system-/.test(pod.spec.priorityClassName ?? '');
    for (const { container, role, path } of pod.containers) {
      const limit = container.resources?.limits?.cpu;
      const cores = parseQuantity(limit);
      if (cores === undefined || (role !== 'app' && role !== 'sidecar') || !(shared || cores < LEAST_CORES))
        continue;
      const cpu = [...path, 'resources', 'limits', 'cpu'];
      yield {
        path: cpu,
        what: `container "${container.name}" is stopped whenever it has used ${limit} of CPU${shared ? ', and the cluster waits for it' : `, ${Number((cores * 100).toPrecision(2))} ms of every 100`}`,
        fix: () => 'remove the CPU limit and keep the request, which gives the container its fair share',
      };
    }
  },
});
