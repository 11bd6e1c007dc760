import type { Watchdog } from './watchdog.ts';

/** After so long others have their turn: with each turn of its loop Node accepts one new connection (libuv, stream.c). */
const SLICE_MS = 2;
/** For what is begun in that time: what takes longer is begun again by itself. */
const WINDOW_MS = 10;

/**
 * Does under one supervision what has arrived at the same time, since to supervise an object costs more than to judge
 * it. What is broken off is begun again by itself, so it has to be work that can be: that changes nothing until its end.
 */
export class Together {
  readonly #watchdog: Watchdog;
  #waiting: (() => void)[] = [];
  /** How many of these are done. */
  #done = 0;
  #isSupervised = false;

  constructor(watchdog: Watchdog) {
    this.#watchdog = watchdog;
  }

  /** Is what runs at this moment supervised together with other work? */
  get isSupervised(): boolean {
    return this.#isSupervised;
  }

  /** Does the work once all that has arrived has been read. Gives what it gives, or rejects with what it throws. */
  run<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (this.#waiting.length === 0) setImmediate(() => this.#runSome());
    this.#waiting.push(() => {
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    return promise;
  }

  #runSome(): void {
    const until = performance.now() + SLICE_MS;
    const goOn = () => {
      while (this.#done < this.#waiting.length && performance.now() < until) {
        this.#waiting[this.#done]?.();
        this.#done++;
      }
    };
    this.#isSupervised = true;
    const how = this.#watchdog.once(goOn, WINDOW_MS);
    this.#isSupervised = false;
    // By itself it is told which of its rules goes on and on, and the others decide.
    if (how === 'broken-off') this.#waiting[this.#done++]?.();
    this.#waiting.splice(0, this.#done);
    this.#done = 0;
    if (this.#waiting.length > 0) setImmediate(() => this.#runSome());
  }
}
