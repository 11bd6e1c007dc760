import type { Supervisor } from '../engine/supervisor.ts';
import { Breaker } from './breaker.ts';
import { Together } from './together.ts';
import { Watchdog } from './watchdog.ts';

/** For the rules of one object: each takes microseconds, and the API server waits for seconds at the most. */
const BUDGET_MS = 20;

export interface Supervision extends Supervisor {
  readonly breaker: Breaker;
  /** Does a piece of work soon, under one supervision with whatever else has arrived by then. */
  together<T>(work: () => T): Promise<T>;
}

/** A watchdog over each object, and a breaker over all of them. */
export function supervision(breaker = new Breaker(), budgetMs = BUDGET_MS): Supervision {
  const watchdog = new Watchdog(budgetMs);
  const together = new Together(watchdog);
  return {
    breaker,
    together: work => together.run(work),
    // What is supervised with others need not be so by itself as well.
    run: task => (together.isSupervised ? runNow(task) : watchdog.run(task)),
    isResting: rule => breaker.isResting(rule),
    hasFailed: rule => breaker.hasFailed(rule),
  };
}

function runNow(task: () => void): 'done' {
  task();
  return 'done';
}
