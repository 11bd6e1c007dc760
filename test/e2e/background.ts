import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PATIENCE_MS = 15_000;

/** A program that runs beside the tests, with everything it says in a file. It never outlives them. */
export class Background {
  readonly name: string;
  readonly #logFile: string;
  readonly #logStart: number;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(name: string, program: string, args: readonly string[], folder: string) {
    this.name = name;
    this.#logFile = join(folder, `${name}.log`);
    const log = openSync(this.#logFile, 'a');
    this.#logStart = fstatSync(log).size;
    this.#child = spawn(program, args, { cwd: folder, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#ended = new Promise(resolve => this.#child.once('exit', resolve).once('error', resolve));
    endWithUs(this.#child);
  }

  get running(): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  /** What it has said since this start. */
  get log(): string {
    return readFileSync(this.#logFile).subarray(this.#logStart).toString();
  }

  /** The end of the log, as it is shown when something went wrong. */
  lastWords(): string {
    const lines = this.log.trimEnd().split('\n').slice(-15);
    return [`--- ${this.name}`, ...lines.map(line => line.slice(0, 300))].join('\n');
  }

  /** Asks it to end, and after 15 s ends it. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (!this.running) return;
    this.#child.kill(signal);
    const patience = setTimeout(() => this.#child.kill('SIGKILL'), PATIENCE_MS);
    await this.#ended;
    clearTimeout(patience);
  }
}

/** mocha ends without its hooks when it is interrupted. */
const OUR_ENDS = ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const;

function endWithUs(child: ChildProcess): void {
  const kill = (end: unknown) => {
    child.kill('SIGKILL');
    if (typeof end === 'string') process.kill(process.pid, end);
  };
  for (const end of OUR_ENDS) process.once(end, kill);
  child.once('exit', () => {
    for (const end of OUR_ENDS) process.off(end, kill);
  });
}
