import { datadogNodegroup } from '../incidents/datadog-nodegroup-controller.ts';
import { commandWords, startedBy } from '../kubernetes/command.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { livenessProbes } from '../kubernetes/probe.ts';
import { rule } from '../model/rule.ts';

const LOOPS = ['while', 'until'];
const EVERYWHERE = ['-A', '--all-namespaces', '--all-namespaces=true'];

export default rule({
  id: 'kubectl-in-a-loop',
  title: 'kubectl get runs again and again',
  severity: 'note',
  lessons: [datadogNodegroup.lessons.kubectlGetIsAList],
  why:
    'What kubectl get lists the API server gathers in full, and only then filters; before Kubernetes 1.34 it may read that from ' +
    'etcd, past its cache. In a probe, in a loop or on a schedule it does so for ever, and the more the cluster holds the ' +
    'longer each takes.',
  unless: 'it runs seldom, or asks for a single object by name',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { container, command, path } of livenessProbes(pod)) {
      if (!getsWith(commandWords(command))) continue;
      yield {
        path: [...path, 'livenessProbe'],
        what: `livenessProbe of container "${container.name}" runs kubectl get each time`,
        fix: () => 'probe the container itself, by httpGet for instance',
      };
    }
    for (const { container, role, path } of pod.containers) {
      if (role === 'ephemeral') continue;
      const list = container.command?.length ? 'command' : 'args';
      const words = commandWords(startedBy(container));
      const loops = words.some(word => LOOPS.includes(word));
      const scheduled = object.kind === 'CronJob' && words.some(word => EVERYWHERE.includes(word));
      if (!getsWith(words) || !(loops || scheduled)) continue;
      yield {
        path: [...path, list],
        what: `container "${container.name}" runs kubectl get ${loops ? 'in a loop' : 'for all namespaces at every run'}`,
        fix: () => 'wait with kubectl wait or kubectl get --watch, or ask for what is needed by its name',
      };
    }
  },
});

function getsWith(words: readonly string[]): boolean {
  const kubectl = words.findIndex(word => word.slice(word.lastIndexOf('/') + 1) === 'kubectl');
  return kubectl >= 0 && words.indexOf('get', kubectl) >= 0;
}
