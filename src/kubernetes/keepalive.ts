import { basename, shellScript, startedBy, unwrapped } from './command.ts';
import { own } from './object.ts';
import { simpleCommands } from './shell-script.ts';

/** Nobody waits so long for something to happen. */
const LONG_SECONDS = 10_000;
const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** What a script may do beside waiting, and still do nothing. */
const IDLE = new Set([
  ':',
  'true',
  '[',
  '[[',
  'date',
  'done',
  'echo',
  'exit',
  'fi',
  'printf',
  'set',
  'trap',
  'wait',
]);

/**
 * The command that keeps a container alive which does nothing else: `sleep infinity`, `tail -f /dev/null`, a loop
 * around a sleep, or a `cat` of an open stdin. Undefined where it does anything.
 */
export function keepalive(container: object): string | undefined {
  const words = unwrapped(startedBy(container));
  const script = shellScript(words);
  if (script === undefined) return waitsForEver(words, container) ? words.join(' ') : undefined;
  const commands = simpleCommands(script).map(({ words }) => unwrapped(words));
  const loops = /\b(?:while|until)\b/.test(script) && commands.some(([first]) => first === 'done');
  const waiting = commands.find(
    command => waitsForEver(command, container) || (loops && basename(command[0]) === 'sleep'),
  );
  const idle = commands.every(
    command => command === waiting || isIdle(command) || waitsForEver(command, container),
  );
  return idle ? waiting?.join(' ') : undefined;
}

function isIdle(words: readonly string[]): boolean {
  return IDLE.has(basename(words[0])) && !words.some(word => /^1?>/.test(word));
}

function waitsForEver(words: readonly string[], container: object): boolean {
  const rest = words.slice(1);
  switch (basename(words[0])) {
    case 'sleep':
      return rest.length > 0 && secondsOf(rest[0] ?? '') >= LONG_SECONDS;
    case 'tail':
      return rest.some(word => /^(?:-[a-z0-9]*[fF]|--follow)/.test(word)) && rest.includes('/dev/null');
    case 'cat':
      return rest.length === 0 && isInteractive(container);
    default:
      return false;
  }
}

/** Does it keep a terminal or its input open for somebody to attach? */
export function isInteractive(container: object): boolean {
  return own(container, 'stdin') === true || own(container, 'tty') === true;
}

/** `infinity`, `86400`, `24h` (coreutils sleep); 0 for what is none. */
function secondsOf(text: string): number {
  if (/^inf(?:inity)?$/i.test(text)) return Number.POSITIVE_INFINITY;
  const [, number, unit] = /^(\d{1,12}(?:\.\d+)?)([smhd]?)$/.exec(text) ?? [];
  return Number(number ?? 0) * (SECONDS[unit ?? ''] ?? 1);
}
