import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { commandWords, startedBy } from '../kubernetes/command.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** They find a process by its name, which is that of another program; `kill` alone ends children too. */
const BY_NAME = ['killall', 'pgrep', 'pidof', 'pkill'];

export default rule({
  id: 'signal-sidecar-without-shared-pid',
  title: 'A sidecar signals a process that it cannot see',
  severity: 'note',
  lessons: [datadogNamespace.lessons.signalsNeedASharedNamespace],
  why:
    'Each container has a process namespace of its own, unless the pod says otherwise. A sidecar that renews a certificate ' +
    'and signals the main process reaches nobody, and the old certificate is served until it expires.',
  unless: 'the process that is signalled runs in the same container',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod || pod.spec.shareProcessNamespace === true || pod.spec.hostPID === true) return;
    const running = pod.containers.filter(({ role }) => role === 'app' || role === 'sidecar');
    if (running.length < 2) return;
    for (const { container, path } of running) {
      const words = commandWords(startedBy(container));
      const signals = words.find(word => BY_NAME.includes(word.slice(word.lastIndexOf('/') + 1)));
      if (signals === undefined) continue;
      yield {
        path: [...path, container.command?.length ? 'command' : 'args'],
        what: `container "${container.name}" looks for a process with ${signals}, and sees none but its own`,
        fix: () => snippet([...pod.path, 'spec', 'shareProcessNamespace'], true),
      };
    }
  },
});
