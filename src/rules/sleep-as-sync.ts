import { zalandoDelayedCni } from '../incidents/zalando-delayed-cni.ts';
import { basename, shellScript, startedBy, unwrapped } from '../kubernetes/command.ts';
import { keepalive } from '../kubernetes/keepalive.ts';
import { podKinds } from '../kubernetes/kinds.ts';
import { valueAt } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { simpleCommands } from '../kubernetes/shell-script.ts';
import { rule } from '../model/rule.ts';

/** A shorter sleep is a breath between two tries. */
const LEAST_SECONDS = 10;
/** What follows a sleep without being a step that was to wait. */
const NO_STEP = new Set(['}', ':', 'done', 'echo', 'esac', 'exit', 'fi', 'true', 'wait']);
const POST_START = ['lifecycle', 'postStart', 'exec', 'command'];

export default rule({
  id: 'sleep-as-sync',
  title: 'A container waits for something by sleeping',
  severity: 'note',
  lessons: [zalandoDelayedCni.lessons.sleepIsNoOrder],
  why:
    'A sleep is a guess at how long something else takes. On a slow node or under load the guess is wrong, and the next ' +
    'step meets what is not there yet; on all other days every start of the pod waits for nothing.',
  unless: 'the sleep spreads load, or gives way to something that cannot be asked',
  kinds: podKinds,
  *check({ object, kind }) {
    const pod = podTemplate(object, kind);
    if (!pod) return;
    for (const { container, role, path } of pod.containers) {
      if (role === 'ephemeral') continue;
      const list =
        container.command?.length && shellScript(container.command) !== undefined ? 'command' : 'args';
      const postStart = valueAt(container, POST_START);
      const places = [
        { at: [list], words: startedBy(container) },
        { at: POST_START, words: Array.isArray(postStart) ? postStart.map(String) : [] },
      ];
      for (const { at, words } of places) {
        const wait = waitIn(words);
        if (wait && keepalive(container) === undefined)
          yield {
            path: [...path, ...at],
            what: `container "${container.name}" ${wait.inBackground ? `sends sleep ${wait.seconds} to the background, and ${wait.next} does not wait for it` : `sleeps ${wait.seconds} s before ${wait.next}`}`,
            fix: () =>
              'wait for the thing itself: a readinessProbe or a startupProbe where others wait for this container,\n' +
              'an init container that asks until the answer comes where this one waits for others',
          };
      }
    }
  },
});

function waitIn(words: readonly string[]) {
  const script = shellScript(unwrapped(words));
  const commands = script === undefined ? [] : simpleCommands(script);
  // In a loop it is the pause between two tries.
  const lastLoopEnd = commands.findLastIndex(({ words: [first] }) => first === 'done');
  for (const [index, { words, end }] of commands.entries()) {
    const seconds = Number(/^(\d{2,4})s?$/.exec(words[1] ?? '')?.[1]);
    const next = basename(commands[index + 1]?.words[0]);
    if (basename(words[0]) !== 'sleep' || !(seconds >= LEAST_SECONDS) || index < lastLoopEnd) continue;
    if (next !== '' && !NO_STEP.has(next)) return { seconds, next, inBackground: end === '&' };
  }
  return undefined;
}
