import { flantSystemdMounts } from '../incidents/flant-systemd-mounts.ts';
import { basename, shellScript, startedBy } from '../kubernetes/command.ts';
import { keepalive } from '../kubernetes/keepalive.ts';
import {
  DaemonSet,
  Deployment,
  Pod,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { hasReaper } from '../kubernetes/probe.ts';
import { simpleCommands } from '../kubernetes/shell-script.ts';
import { rule } from '../model/rule.ts';

/** They end a script without being a program that runs on, or wait for one that does. */
const NO_PROGRAM = new Set([
  '}',
  ':',
  'cat',
  'done',
  'echo',
  'esac',
  'exit',
  'fi',
  'sleep',
  'tail',
  'true',
  'wait',
]);

export default rule({
  id: 'shell-pid1-no-exec',
  title: 'A shell stays PID 1 before the program, and passes no signal on',
  severity: 'note',
  lessons: [flantSystemdMounts.lessons.shellBeforeTheDaemon],
  why:
    'The kubelet asks PID 1 to end. A shell that runs another program does not pass that on, so the program never hears of ' +
    'it, drops what it has in hand when it is killed after the grace period, and every rollout and drain waits that long.',
  unless: 'the script traps the signal, or the program may be killed at any moment',
  // A Job ends by itself.
  kinds: [Pod, Deployment, StatefulSet, DaemonSet, ReplicaSet, ReplicationController],
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { container, role, path } of pod.containers) {
      if (role === 'init' || role === 'ephemeral') continue;
      const last = lastCommand(startedBy(container));
      if (last === undefined || hasReaper(pod, container) || keepalive(container) !== undefined) continue;
      yield {
        path: [...path, container.command?.length ? 'command' : 'args'],
        what: `container "${container.name}" runs a shell as PID 1, which passes no signal on to ${basename(last[0])}`,
        fix: () =>
          `have the program take the place of the shell, with exec before the last command:\nexec ${last.join(' ')}`,
      };
    }
  },
});

/** The program that a script of several commands ends with, if the shell stays for it. */
function lastCommand(words: readonly string[]): readonly string[] | undefined {
  const script = shellScript(words);
  const commands = script === undefined ? [] : simpleCommands(script);
  if (commands.length < 2 || commands.some(({ words: [first] }) => first === 'exec' || first === 'trap'))
    return;
  // Nothing can take the place of a shell that holds a pipe together.
  if (commands.some(({ end }) => end === '|')) return undefined;
  const last = commands.at(-1)?.words ?? [];
  return NO_PROGRAM.has(basename(last[0])) || /=/.test(last[0] ?? '') ? undefined : last;
}
