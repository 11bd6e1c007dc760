import { datadogContainerd } from '../incidents/datadog-containerd.ts';
import { flantSystemdMounts } from '../incidents/flant-systemd-mounts.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { rule } from '../model/rule.ts';

/** Where the runtimes listen; /var/run is a link to /run. */
const SOCKETS: Readonly<Record<string, string>> = {
  '/run/docker.sock': 'Docker',
  '/run/cri-dockerd.sock': 'Docker',
  '/run/containerd/containerd.sock': 'containerd',
  '/run/k3s/containerd/containerd.sock': 'containerd',
  '/run/crio/crio.sock': 'CRI-O',
};
const FOLDERS = ['/run', '/run/containerd', '/run/k3s/containerd', '/run/crio'];

export default rule({
  id: 'docker-sock',
  title: "A pod is handed the socket of the node's container runtime",
  severity: 'warn',
  lessons: [datadogContainerd.lessons.toolsAssumeDocker, flantSystemdMounts.lessons.cleanerAskedDocker],
  why:
    'On nodes with another runtime nobody listens at the socket, so what asks there finds no container, or takes it that ' +
    'none runs and tidies up after those that do. Where somebody listens, whoever may use the socket is root on the node.',
  unless: 'it is an agent of the node that is changed along with the runtime',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    const volumes: unknown = pod?.spec.volumes;
    if (!pod || !Array.isArray(volumes)) return;
    const mounts = volumes.map((volume, index) => ({ index, name: own(volume, 'name'), ...placeOf(volume) }));
    const runtimes = new Set(mounts.map(({ runtime }) => runtime).filter(runtime => runtime !== undefined));
    for (const { index, name, given, runtime } of mounts) {
      if (given === undefined) continue;
      // An agent that knows several runtimes is tied to none; Docker is no longer one that Kubernetes itself knows.
      const agent = object.kind === 'DaemonSet' && (runtime !== 'Docker' || runtimes.size > 1);
      yield {
        path: [...pod.path, 'spec', 'volumes', index, 'hostPath', 'path'],
        what: runtime
          ? `volume "${name}" is ${given} of the node: on nodes that do not run ${runtime} nobody listens there`
          : `volume "${name}" is ${given} of the node, with the socket of its container runtime in it`,
        fix: () =>
          runtime
            ? 'ask Kubernetes instead: the API server which pods there are, the kubelet what they use;\n' +
              'to build images take a builder that needs no runtime of the node, such as rootless BuildKit'
            : 'mount the one folder or file in it that is needed',
        severity: runtime && !agent ? 'warn' : 'note',
      };
    }
  },
});

function placeOf(volume: unknown): { given?: string; runtime?: string | undefined } {
  const given = own(own(volume, 'hostPath'), 'path');
  if (typeof given !== 'string') return {};
  const real = given
    .replace(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
    .replace(/^\/var\/run(?=\/|$)/, '/run');
  if (Object.hasOwn(SOCKETS, real)) return { given, runtime: SOCKETS[real] };
  return FOLDERS.includes(real) ? { given } : {};
}
