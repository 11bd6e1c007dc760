import { datadogImageDrift } from '../incidents/datadog-node-image-drift.ts';
import { parseImage } from '../kubernetes/image.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'floating-image-tag',
  title: 'What a container runs changes without a change of its manifest',
  severity: 'note',
  lessons: [datadogImageDrift.lessons.latestChangesUnderYou],
  why:
    'latest is whatever was pushed last. Pods of one workload then run different programs, depending on when their node ' +
    'pulled; a restart becomes a rollout that nobody started, and a rollback goes back to the same tag.',
  unless: 'whatever is newest is wanted, as in a namespace for trying things out',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { container, role, path } of pod.containers) {
      const { image } = container;
      // What holds the mark of a template is filled in by something else.
      if (role === 'ephemeral' || !image || /[{}$]/.test(image) || parseImage(image).meaning !== 'latest')
        continue;
      const name = image.replace(/:latest$/, '');
      yield {
        path: [...path, 'image'],
        what: `container "${container.name}" runs ${image}${name === image ? ', which has no tag and so is latest' : ''}`,
        fix: () => `name a build: ${name}:VERSION, or better ${name}@sha256:DIGEST`,
      };
    }
  },
});
