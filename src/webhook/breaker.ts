import type { Rule } from '../model/rule.ts';

const FAILURES = 3;
const WINDOW_MS = 60_000;
const REST_MS = 60_000;

/** Lets a rule rest that has failed three times within a minute, for a minute: each failure costs time. */
export class Breaker {
  readonly #now: () => number;
  readonly #failures = new Map<string, number[]>();
  readonly #restingUntil = new Map<string, number>();

  /** `now` in milliseconds; only differences matter. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  isResting({ id }: Pick<Rule, 'id'>): boolean {
    const until = this.#restingUntil.get(id);
    if (until === undefined) return false;
    if (this.#now() < until) return true;
    this.#restingUntil.delete(id);
    return false;
  }

  hasFailed({ id }: Pick<Rule, 'id'>): void {
    const now = this.#now();
    const recent = (this.#failures.get(id) ?? []).filter(at => now - at < WINDOW_MS);
    recent.push(now);
    if (recent.length >= FAILURES) this.#restingUntil.set(id, now + REST_MS);
    this.#failures.set(id, recent.length >= FAILURES ? [] : recent);
  }

  /** The ids of the rules that rest. */
  get resting(): string[] {
    return [...this.#restingUntil.keys()].filter(id => this.isResting({ id }));
  }
}
