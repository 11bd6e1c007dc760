import { zalandoSkipper } from '../incidents/zalando-skipper-out-of-memory.ts';
import { type HeapSize, heapSizes } from '../kubernetes/heap.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { rule } from '../model/rule.ts';

const GO_VARIABLE = 'env GOMEMLIMIT';

export default rule({
  id: 'heap-above-memory-limit',
  title: "A program may grow beyond its container's memory limit",
  severity: 'note',
  lessons: [zalandoSkipper.lessons.limitBelowWhatMayGrow],
  why:
    'A runtime that is told how far it may grow collects garbage in earnest only when it gets near. Where the memory limit ' +
    'of the container comes first, the kernel kills the program instead, on the day on which it has most to do.',
  unless: 'the size is meant for a process in another container',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    const ofPod = own(own(pod.spec.resources, 'limits'), 'memory');
    for (const { container, role, path } of pod.containers) {
      if (role === 'ephemeral') continue;
      const ofContainer = own(own(container.resources, 'limits'), 'memory');
      const limit = ofContainer ?? ofPod;
      const bytes = parseQuantity(limit) ?? 0;
      if (bytes <= 0) continue;
      const sizes = heapSizes(container);
      // Which of several counts is the program's affair: one that fits may be it.
      const exceeds = sizes.every(size => size.bytes > bytes || (size.heapAlone && size.bytes === bytes));
      const [size] = sizes;
      if (!size || !exceeds) continue;
      const resources = [...(ofContainer == null ? [...pod.path, 'spec'] : path), 'resources'];
      yield {
        path: [...resources, 'limits', 'memory'],
        what: `container "${container.name}" may grow to ${size.option} (${size.where}) and is killed at ${limit}`,
        fix: () =>
          `${lowered(size, bytes)}    # for example\n` +
          `or raise the limit of ${limit}; what a program needs beside its heap (threads, code, buffers) counts too`,
      };
    }
  },
});

/** The same option with three quarters of the limit: `-Xmx384m`. */
function lowered({ option, where }: HeapSize, limit: number): string {
  const mebibytes = Math.max(1, Math.floor((limit * 3) / 4 / 2 ** 20));
  if (where === GO_VARIABLE) return `GOMEMLIMIT=${mebibytes}MiB`;
  return option.replace(/\d{1,15}[a-z]?$/i, `${mebibytes}${option.startsWith('--') ? '' : 'm'}`);
}
