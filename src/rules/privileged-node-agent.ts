import { flantSystemdMounts } from '../incidents/flant-systemd-mounts.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { rule } from '../model/rule.ts';

/** With the whole of one of these a pod can change what its node is. /var/run is a link to /run. */
const THE_NODE = new Set([
  '/',
  '/etc',
  '/etc/systemd',
  '/run',
  '/run/systemd',
  '/var/run',
  '/var/run/systemd',
]);

export default rule({
  id: 'privileged-node-agent',
  title: 'A privileged pod can write to the directories that its node depends on',
  severity: 'note',
  lessons: [flantSystemdMounts.lessons.agentIsTheNode],
  why:
    'What such a pod does by mistake it does to the node itself, and as a DaemonSet to all nodes at once: a wrong unit ' +
    'stopped, a file of /etc overwritten. No other pod is kept safe from it.',
  unless: 'it is an agent of the node, such as a network or a storage plugin, and is rolled out node by node',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    const folders = new Map(
      (pod.spec.volumes ?? []).map(volume => [volume?.name, folderOf(own(volume?.hostPath, 'path'))]),
    );
    for (const { container, path } of pod.containers) {
      if (container.securityContext?.privileged !== true) continue;
      for (const [index, mount] of (container.volumeMounts ?? []).entries()) {
        const folder = mount?.readOnly === true ? undefined : folders.get(mount?.name);
        if (folder === undefined || !THE_NODE.has(folder) || mount?.subPath) continue;
        const where = object.kind === 'DaemonSet' ? 'every node that it runs on' : 'its node';
        yield {
          path: [...path, 'volumeMounts', index],
          what: `container "${container.name}" is privileged and may write to ${folder} of ${where}`,
          fix: () =>
            `mount the one file or folder of ${folder} that it needs, with readOnly: true where it only reads`,
        };
      }
    }
  },
});

function folderOf(path: unknown): string | undefined {
  if (typeof path !== 'string') return undefined;
  return path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '');
}
