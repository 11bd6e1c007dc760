import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const LONGEST_MS = 60_000;

/** What became of a command that ran to its end. */
export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end, which comes after a minute at the latest. */
export async function run(
  program: string,
  args: readonly string[],
  { stdin = '', ...place }: { stdin?: string; cwd: string; env: NodeJS.ProcessEnv },
): Promise<Ran> {
  const child = spawn(program, args, { ...place, timeout: LONGEST_MS, killSignal: 'SIGKILL' });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', code => resolve(code ?? -1));
  });
  // A program that has read enough closes its end: that is its affair.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
