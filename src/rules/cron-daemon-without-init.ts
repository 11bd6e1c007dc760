import { flantSupercronic } from '../incidents/flant-supercronic-zombies.ts';
import { parseCommand, wordsIn } from '../kubernetes/command.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { hasReaper } from '../kubernetes/probe.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const CRON_DAEMONS = ['supercronic', 'crond', 'cron', 'go-crond', 'anacron'];

export default rule({
  id: 'cron-daemon-without-init',
  title: 'A cron daemon runs as PID 1 and reaps nothing',
  severity: 'warn',
  lessons: [flantSupercronic.lessons.cronDaemonIsNoInit],
  why:
    'A cron daemon waits for the tasks that it starts, not for what those leave behind, and as PID 1 it inherits just ' +
    'that. Every orphan stays as a zombie and keeps its process id, until the node has none left and can fork nothing.',
  unless: 'the image starts the daemon under an init, such as s6 or tini, that the manifest does not show',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { container, role, path } of pod.containers) {
      const list = wordsIn(container.command).length > 0 ? 'command' : 'args';
      const words = wordsIn(container[list]);
      const { program } = parseCommand(words);
      if (role === 'ephemeral' || !CRON_DAEMONS.includes(program) || hasReaper(pod, container)) continue;
      yield {
        path: [...path, list],
        what: `container "${container.name}" starts ${program}, and no init in the manifest stands before it`,
        fix: () =>
          `put an init in front of it, once it is in the image:\n${snippet([...path, list], ['tini', '--', ...words], object)}`,
      };
    }
  },
});
