import { threadCpuUsage } from 'node:process';
import { Script } from 'node:vm';

/** How often a task may be begun again because the machine, and not the task, was slow. */
const MOST_STALLS = 20;

/**
 * Runs synchronous code that may never end. `vm` stops it wherever it is, in an endless loop, inside `finally` or in a
 * regular expression, and gives this thread back; it costs a thread, 50 to 150 µs. What is native and without end of its own
 * (JSON.parse, sort) it cannot stop.
 */
export class Watchdog {
  readonly #budgetMs: number;

  /** For one task, in milliseconds of the clock. */
  constructor(budgetMs: number) {
    this.#budgetMs = budgetMs;
  }

  /**
   * Runs a task, which is called again after it was broken off without having had half of its time: on a busy machine
   * the clock goes on while nothing runs.
   */
  run(task: () => void): 'done' | 'broken-off' {
    for (let stalls = 0; ; stalls++) {
      const begun = cpuMs();
      if (this.once(task) === 'done') return 'done';
      if (cpuMs() - begun >= this.#budgetMs / 2 || stalls >= MOST_STALLS) return 'broken-off';
    }
  }

  /** Runs a task, and breaks it off when its time is over, whoever had it. In milliseconds of the clock. */
  once(task: () => void, budgetMs = this.#budgetMs): 'done' | 'broken-off' {
    try {
      runNow(task, budgetMs);
      return 'done';
    } catch (error) {
      if (!isTimeout(error)) throw error;
      return 'broken-off';
    }
  }
}

/** A script can be given nothing, so it finds the task here. */
const SLOT = Symbol.for('premortem.dev/supervised-task');
const slots = globalThis as unknown as Record<symbol, (() => void) | undefined>;
const script = new Script(`globalThis[Symbol.for('premortem.dev/supervised-task')]()`);

function runNow(task: () => void, timeout: number): void {
  slots[SLOT] = task;
  try {
    script.runInThisContext({ timeout });
  } finally {
    slots[SLOT] = undefined;
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

function cpuMs(): number {
  const { user, system } = threadCpuUsage();
  return (user + system) / 1000;
}
