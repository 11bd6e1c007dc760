import { datadogImagePulls } from '../incidents/datadog-image-pulls.ts';
import { parseImage } from '../kubernetes/image.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { valueAt } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** From here on a restart of all of them is a crowd. */
const MANY_REPLICAS = 10;

export default rule({
  id: 'pull-always',
  title: 'Every start of a container asks the registry for an image that it has',
  severity: 'warn',
  lessons: [datadogImagePulls.lessons.everyRestartAsks],
  why:
    'With imagePullPolicy Always the kubelet asks the registry at each start of the container, also where the image is ' +
    'there and its tag or digest is fixed. A restart loop then uses up the rate limit of the registry, and when the ' +
    'registry is away nothing can restart, on any node.',
  unless: 'the pull secret is to be checked at each start, or the tag is pushed over',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    const replicas = valueAt(object, ['spec', 'replicas']);
    const many = typeof replicas === 'number' && replicas >= MANY_REPLICAS;
    if (!pod || (object.kind !== 'DaemonSet' && !many)) return;
    for (const { container, role, path } of pod.containers) {
      const { image, imagePullPolicy } = container;
      if (
        role === 'ephemeral' ||
        imagePullPolicy !== 'Always' ||
        !image ||
        parseImage(image).meaning !== 'fixed'
      )
        continue;
      const policy = [...path, 'imagePullPolicy'];
      yield {
        path: policy,
        what: `container "${container.name}" asks the registry for ${image} at every start, on ${many ? `each of ${replicas} replicas` : 'every node'}`,
        fix: () => snippet(policy, 'IfNotPresent', object),
        edits: [{ op: 'set', path: policy, value: 'IfNotPresent' }],
        severity: object.kind === 'DaemonSet' ? 'warn' : 'note',
      };
    }
  },
});
