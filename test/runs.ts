/** In short the tests take seconds; whoever has the time asks for more. */
const SHORT = 1_000;
const MOST = Number(process.env.PREMORTEM_RUNS ?? SHORT);

export const isLong = MOST > SHORT;

/**
 * How often a property is tried: a share of PREMORTEM_RUNS, which is the number of mutated requests. What costs more or
 * varies less is tried less often.
 */
export function runs(share = 1): number {
  return Math.max(1, Math.ceil(MOST * share));
}

/** Milliseconds in which so many runs are over, or something hangs. */
export function patience(share = 1): number {
  return 20_000 + runs(share) * 20;
}
