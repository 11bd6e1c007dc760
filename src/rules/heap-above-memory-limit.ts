import { zalandoSkipper } from '../incidents/zalando-skipper-out-of-memory.ts';
import { heapSizes } from '../kubernetes/heap.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { containersOf, podTemplate } from '../kubernetes/pod.ts';
import { parseQuantity } from '../kubernetes/quantity.ts';
import { rule } from '../model/rule.ts';

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
    for (const { container, role, path } of containersOf(pod)) {
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
          `keep it below the limit of ${limit}, by a quarter for instance: what a program needs beside its heap ` +
          '(threads, code, buffers) counts too',
      };
    }
  },
});
