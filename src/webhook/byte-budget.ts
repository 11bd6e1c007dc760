interface Claim {
  readonly bytes: number;
  readonly start: () => void;
}

/**
 * Bounds the bytes of all large bodies that are being received or wait to be judged at one time, so that neither senders
 * who withhold the last byte nor those who send many can fill the memory. First come, first served.
 */
export class ByteBudget {
  readonly #limit: number;
  #taken = 0;
  readonly #running = new Set<Claim>();
  #waiting: Claim[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Calls `start` as soon as the bytes fit; more than the whole budget fit when nothing else is under way. The
   * result gives the bytes back, or the place in the queue.
   */
  claim(bytes: number, start: () => void): () => void {
    const claim: Claim = { bytes, start };
    this.#waiting.push(claim);
    this.#admit();
    return () => this.#release(claim);
  }

  #release(claim: Claim): void {
    if (this.#running.delete(claim)) this.#taken -= claim.bytes;
    else this.#waiting = this.#waiting.filter(other => other !== claim);
    this.#admit();
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#fits(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#running.add(next);
      this.#taken += next.bytes;
      next.start();
    }
  }

  #fits({ bytes }: Claim): boolean {
    return this.#taken === 0 || this.#taken + bytes <= this.#limit;
  }
}
