import type { Supervisor } from '../engine/supervisor.ts';
import { Breaker } from './breaker.ts';
import { Watchdog } from './watchdog.ts';

/** For the rules of one object: each takes microseconds, and the API server waits for seconds at the most. */
const BUDGET_MS = 20;

export interface Supervision extends Supervisor {
  readonly breaker: Breaker;
}

/** A watchdog over each object, and a breaker over all of them. */
export function supervision(breaker = new Breaker(), budgetMs = BUDGET_MS): Supervision {
  const watchdog = new Watchdog(budgetMs);
  return {
    breaker,
    run: task => watchdog.run(task),
    isResting: rule => breaker.isResting(rule),
    hasFailed: rule => breaker.hasFailed(rule),
  };
}
