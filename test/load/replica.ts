import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { imageFlags } from '../image.ts';

export interface ReplicaOptions {
  /** Of `premortem serve`, besides those that name its files. */
  args?: readonly string[];
  /** 0, any that is free, when left out. */
  port?: number;
  /** As the manifests set it when left out. */
  nodeOptions?: string;
  /** Run by a shell that replaces itself with `"$@"`, the replica; no shell when left out. */
  shell?: string;
}

/** manifests/base/30-deployment.yaml */
const NODE_OPTIONS = '--max-old-space-size=153 --max-semi-space-size=4';

/** One process of `premortem serve`. */
export class Replica {
  /** Where it takes AdmissionReviews, from when it is ready. */
  url = '';
  /** Where it tells of itself, from when it is ready. */
  opsUrl = '';
  /** From the start of the process to its readiness, in milliseconds. */
  startMs = Number.NaN;
  readonly process: ChildProcess;
  /** By its exit code, or by the name of the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly #begun = performance.now();
  #log = '';

  constructor(main: string, files: readonly string[], options: ReplicaOptions) {
    const { args = [], port = 0, nodeOptions = NODE_OPTIONS, shell } = options;
    const serve = ['serve', '--host', '127.0.0.1', '--port', `${port}`, '--metrics-port', '0', ...files];
    const command = [process.execPath, ...imageFlags, main, ...serve, ...args];
    const [program = '', ...words] = shell === undefined ? command : ['sh', '-c', shell, 'sh', ...command];
    const env = { ...process.env, NODE_OPTIONS: nodeOptions };
    this.process = spawn(program, words, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    this.ended = once(this.process, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
    this.process.stdout?.on('data', chunk => {
      this.#log = (this.#log + chunk).slice(-20_000);
    });
  }

  /** The end of what it logged. */
  get log(): string {
    return this.#log;
  }

  async ready(): Promise<void> {
    let exit: number | string | undefined;
    this.ended.then(how => {
      exit = how;
    });
    while (!this.url) {
      if (exit !== undefined) throw new Error(`it ended with ${exit}: ${this.log}`);
      const line = this.log.split('\n').find(line => line.includes('"serving"') && line.endsWith('}'));
      if (line) ({ webhook: this.url, metrics: this.opsUrl } = JSON.parse(line));
      else await wait(5);
    }
    while ((await fetch(`${this.opsUrl}/readyz`)).status !== 200) await wait(5);
    this.startMs = performance.now() - this.#begun;
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  /**
   * Resident, now and at the most so far, in MiB (proc(5)), together with the process for large bodies where there is
   * one. The pages of Node itself, which the two share, count once.
   */
  get memory(): { now: number; peak: number } {
    const { pid } = this.process;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const status = (of: string | number | undefined, field: string) => {
      const text = readFileSync(`/proc/${of}/status`, 'utf8');
      return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(text)?.[1]) / 1024;
    };
    const sum = (field: string) =>
      children.reduce((all, one) => all + status(one, field) - status(one, 'RssFile'), status(pid, field));
    return { now: sum('VmRSS'), peak: sum('VmHWM') };
  }

  /** How many file descriptors it holds. */
  get descriptors(): number {
    return readdirSync(`/proc/${this.process.pid}/fd`).length;
  }

  /** What one of its metrics says, added up over labels. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.opsUrl}/metrics`)).text();
    const values = [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
    return values.reduce((sum, [, value]) => sum + Number(value), 0);
  }
}
