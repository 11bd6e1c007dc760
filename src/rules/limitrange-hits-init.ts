import { datadogInitContainers } from '../incidents/datadog-init-containers.ts';
import { LimitRange, podKinds } from '../kubernetes/kinds.ts';
import { memoryRanges } from '../kubernetes/memory.ts';
import { type PodTemplate, podTemplate } from '../kubernetes/pod.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { inSameNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'limitrange-hits-init',
  title: "A LimitRange's memory limit hits an init container",
  severity: 'warn',
  lessons: [datadogInitContainers.lessons.defaultsHitThemToo],
  why:
    'A LimitRange gives its default limit to init containers too, though it was chosen for what runs all day. A migration ' +
    'or a restore that needs more is killed for it, again and again, and the pod behind it never starts.',
  unless: 'the init container is known to need less than the default',
  kinds: podKinds,
  needs: { limitRanges: inSameNamespace(LimitRange) },
  *check({ object, kind, known }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    const ranges = known.limitRanges.flatMap(range =>
      memoryRanges(range).map(memory => ({ ...memory, name: range.metadata?.name })),
    );
    for (const { container, role, path } of pod.containers) {
      // Without an image it is a patch, merged into a container that may say more.
      if (role !== 'init' || container.image === undefined) continue;
      const { limits, requests } = container.resources ?? {};
      const asked = limits?.memory ?? requests?.memory;
      const who = `init container "${container.name}"`;
      for (const { name, defaultLimit, max } of ranges) {
        const tooMuch = isMore(asked, max) ? max : undefined;
        if (tooMuch === undefined && (limits?.memory != null || defaultLimit == null)) continue;
        const limit = [...path, 'resources', 'limits', 'memory'];
        yield {
          path: limit,
          what:
            tooMuch !== undefined
              ? `${who} asks for ${asked} of memory, and LimitRange ${name} allows ${tooMuch} at the most: no such pod is made`
              : isMore(requests?.memory, defaultLimit)
                ? `${who} requests ${asked} of memory and has no limit; LimitRange ${name} gives it one of ${defaultLimit}, and no such pod is made`
                : `${who} has no memory limit, so LimitRange ${name} gives it one of ${defaultLimit}: if it needs more, the pod never starts`,
          fix: () =>
            tooMuch !== undefined
              ? `ask for ${tooMuch} at the most, or raise max in LimitRange ${name}`
              : `${snippet(limit, asked ?? '512Mi', object)}    # ${asked === undefined ? '512Mi is an example: ' : ''}what it needs at its peak`,
          severity:
            tooMuch !== undefined || isMore(asked ?? askedBy(pod, container.image), defaultLimit)
              ? 'warn'
              : 'note',
        };
        break;
      }
    }
  },
});

/** What an app container asks for, of which the same image is an init container: it may well need as much. */
function askedBy(pod: PodTemplate, image: string): unknown {
  for (const { container, role } of pod.containers) {
    const { limits, requests } = container.resources ?? {};
    if (role === 'app' && container.image === image) return requests?.memory ?? limits?.memory;
  }
  return undefined;
}

function isMore(asked: unknown, bound: unknown): boolean {
  const [amount, most] = [parseQuantity(asked), parseQuantity(bound)];
  return amount !== undefined && most !== undefined && amount > most;
}
