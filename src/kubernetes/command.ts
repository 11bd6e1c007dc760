import { own } from './object.ts';

/**
 * What a container's or a probe's command line starts. Only what is written in the manifest can be told: a script
 * without a telling name looks like any other program.
 */
export interface CommandLine {
  /** The program's name without its folder, after wrappers that replace themselves, such as `env` and `exec`. */
  program: string;
  /** Is it sure to start further processes? A single program may, and one cannot tell. */
  forks: boolean;
  /** What it does, as a clause: `runs a shell`. */
  because: string;
  /** Seconds that a `timeout` wrapper allows, if there is one. */
  timeout: number | undefined;
}

const SHELLS = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'ksh']);
/** They become the command that follows. */
const REPLACE_THEMSELVES = new Set(['busybox', 'env', 'exec', 'nohup', 'gosu', 'su-exec']);

/** Inits, which adopt and reap what other processes leave behind. */
const INITS = new Set([
  'catatonit',
  'docker-init',
  'dumb-init',
  'pause',
  'runit',
  'runsvdir',
  's6-svscan',
  'systemd',
  'tini',
  'tini-static',
]);

/** The words of a `command` or `args`, whatever stands in its place. */
export function wordsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(word => typeof word === 'string') : [];
}

export function parseCommand(words: readonly string[]): CommandLine {
  let rest = words;
  while (rest.length > 1 && REPLACE_THEMSELVES.has(basename(rest[0]))) rest = afterWrapper(rest);
  const program = basename(rest[0]);
  if (program === 'timeout') {
    return {
      program,
      forks: true,
      because: 'runs timeout, which starts the real command',
      timeout: timeoutOf(rest),
    };
  }
  const script = shellScript(rest);
  if (script !== undefined) return parseShell(program, script);
  if (SHELLS.has(program)) return forking(program, `runs a shell (${program})`);
  if (/\.(sh|bash|py|rb|pl|php|js)$/.test(program)) return forking(program, `runs a script (${program})`);
  return { program, forks: false, because: `runs ${program}`, timeout: undefined };
}

/** Does the command make an init PID 1 of its container? */
export function startsInit(words: readonly string[]): boolean {
  const { program, forks } = parseCommand(words);
  // Behind a shell it would be a child of PID 1.
  return !forks && (INITS.has(program) || (program === 'init' && words[0] === '/init'));
}

/** What a container starts, as far as its manifest tells: without a command, its args follow the image's ENTRYPOINT. */
export function startedBy(container: object): string[] {
  return [...wordsIn(own(container, 'command')), ...wordsIn(own(container, 'args'))];
}

/**
 * The words that count, past an init (`tini --`) and past wrappers that become what they start: `env sleep 5` is
 * `sleep 5`.
 */
export function unwrapped(words: readonly string[]): readonly string[] {
  let rest = words;
  while (rest.length > 1) {
    if (REPLACE_THEMSELVES.has(basename(rest[0]))) rest = afterWrapper(rest);
    else if (INITS.has(basename(rest[0]))) rest = afterInit(rest);
    else break;
  }
  return rest;
}

/** The words of a command line; where it is `sh -c 'script'`, those of the script. */
export function commandWords(words: readonly string[]): readonly string[] {
  const script = shellScript(words);
  return script === undefined ? words : wordsOf(script);
}

/** The script of `sh -c 'script'`, or undefined when the command is none. */
export function shellScript(words: readonly string[]): string | undefined {
  if (!SHELLS.has(basename(words[0]))) return undefined;
  const flag = words.findIndex(
    (word, index) => index > 0 && /^-[a-z]{1,9}$/.test(word) && word.includes('c'),
  );
  return flag < 0 ? undefined : words[words[flag + 1] === '--' ? flag + 2 : flag + 1];
}

function parseShell(shell: string, script: string): CommandLine {
  const simple = /^\s*exec\s+([^\s;&|`$()<>][^;&|`$()<>\n]*)$/.exec(script)?.[1];
  if (simple !== undefined) return parseCommand(['exec', ...simple.trim().split(/\s+/)]);
  return {
    ...forking(firstProgram(script) ?? shell, `runs a shell (${shell} -c)`),
    timeout: timeoutOf(wordsOf(script)),
  };
}

/** The first program that a shell script starts, past assignments and the words that stand before a command. */
function firstProgram(script: string): string | undefined {
  for (const word of wordsOf(script)) {
    if (/^[A-Za-z_]\w*=/.test(word) || REPLACE_THEMSELVES.has(basename(word)) || word === 'set') continue;
    return basename(word);
  }
  return undefined;
}

function forking(program: string, because: string): CommandLine {
  return { program, forks: true, because, timeout: undefined };
}

function afterWrapper(words: readonly string[]): readonly string[] {
  let index = 1;
  while (index < words.length - 1 && /^-|^[A-Za-z_]\w*=/.test(words[index] ?? '')) index++;
  // gosu and su-exec take a user before the command.
  if (/^(gosu|su-exec)$/.test(basename(words[0])) && index < words.length - 1) index++;
  return words.slice(index);
}

function afterInit(words: readonly string[]): readonly string[] {
  let index = 1;
  while (index < words.length - 1 && words[index]?.startsWith('-')) index++;
  return words.slice(index);
}

/** How long the first `timeout` among the words allows. */
function timeoutOf(words: readonly string[]): number | undefined {
  let index = words.findIndex(word => basename(word) === 'timeout') + 1;
  if (index === 0) return undefined;
  // Of its options only these two take a value (coreutils timeout).
  while (words[index]?.startsWith('-')) index += /^-[ks]$/.test(words[index] ?? '') ? 2 : 1;
  const seconds = /^(\d+(?:\.\d+)?)s?$/.exec(words[index] ?? '')?.[1];
  return seconds === undefined ? undefined : Number(seconds);
}

/** The words of a shell script, as far as one can tell without being a shell; no more than anybody would probe with. */
function wordsOf(script: string): string[] {
  return script.trim().split(/[\s;&|()]+/, 200);
}

/** The name of a program without its folder. */
export function basename(word: string | undefined): string {
  return (word ?? '').slice((word ?? '').lastIndexOf('/') + 1);
}
