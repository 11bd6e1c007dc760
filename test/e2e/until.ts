import { setTimeout as wait } from 'node:timers/promises';

const PAUSE_MS = 100;

/** Asks again and again, until the answer is neither undefined nor false; gives it. Throws after `seconds`. */
export async function until<T>(
  what: string,
  seconds: number,
  attempt: () => Promise<T | undefined | false>,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await attempt();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await wait(PAUSE_MS);
  }
}
