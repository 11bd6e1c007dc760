import { flantSubPath } from '../incidents/flant-subpath-mounts.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { rule } from '../model/rule.ts';

const SOURCES = [
  ['configMap', 'ConfigMap'],
  ['secret', 'Secret'],
  ['projected', 'projected volume'],
] as const;

export default rule({
  id: 'configmap-by-subpath',
  title: 'A file of a ConfigMap or Secret is mounted so that it never changes',
  severity: 'note',
  lessons: [flantSubPath.lessons.subPathLeaks],
  why:
    'A file that is mounted by subPath is bound once, when the container starts: a changed ConfigMap or a renewed ' +
    'certificate never reaches it. Each is a mount of its own too, which old versions of systemd leave behind.',
  unless: 'the pods are replaced whenever the file changes, or the directory holds other files',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    const volumes = new Map((pod.spec.volumes ?? []).map(volume => [volume?.name, volume]));
    for (const { container, role, path } of pod.containers) {
      if (role === 'init') continue;
      for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
        const field = mount?.subPath ? 'subPath' : 'subPathExpr';
        const volume = mount?.[field] ? volumes.get(mount.name) : undefined;
        const source = SOURCES.find(([source]) => volume?.[source] != null);
        if (!source) continue;
        yield {
          path: [...path, 'volumeMounts', index, field],
          what: `container "${container.name}" mounts ${mount[field]} of the ${source[1]} in volume ${mount.name}, and never sees it change`,
          fix: () => 'mount the whole volume in a directory of its own, and leave subPath out',
        };
      }
    }
  },
});
