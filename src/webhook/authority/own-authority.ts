import { setTimeout as wait } from 'node:timers/promises';
import { ApiProblem } from '../../world/named-object.ts';
import { type Certificate, expiryOf } from '../certificates.ts';
import type { Logger } from '../log.ts';
import { traceOf } from '../trace.ts';
import { type AuthorityStore, ClockProblem, type Standing, StoreProblem } from './authority-store.ts';
import { bundlesOf, isTrusted } from './bundle.ts';
import { Leaf } from './leaf.ts';
import type { Dial } from './self-dial.ts';

/** A caBundle that was wiped is seen within 11 s; replicas do not keep step. */
const PERIOD_MS = 9_000;
const PERIOD_JITTER_MS = 1_500;
const FIRST_RETRY_MS = 1_000;

export interface OwnAuthorityOptions {
  store: AuthorityStore;
  namespace: string;
  clock: () => Date;
  /** From 0 to 1. */
  chance: () => number;
  logger: Logger;
}

/** Where the certificates go. */
export interface Served {
  useCertificate(certificate: Certificate): void;
  /** Calls it as the API server does. */
  dial: Dial;
}

/** Gives one replica its certificates, signed by the authority that all replicas share. */
export class OwnAuthority {
  readonly #options: OwnAuthorityOptions;
  readonly #served: Served;
  readonly #told = new Set<string>();
  #standing: Standing | undefined;
  #wrongClock: string | undefined;
  #leaf: Leaf | undefined;
  #believed = false;
  #problem: string | undefined = 'the API server has not answered yet';

  constructor(served: Served, options: OwnAuthorityOptions) {
    this.#served = served;
    this.#options = options;
  }

  /** In words, or undefined when the API server would trust what is served. */
  get whyNotReady(): string | undefined {
    if (this.#wrongClock) return this.#wrongClock;
    if (!this.#leaf) return this.#problem ?? 'there is no certificate yet';
    if (!this.#leaf.isValid(this.#options.clock())) return 'the certificate is not valid at this time';
    if (!this.#believed) return this.#problem ?? 'the API server does not trust the certificate yet';
    return undefined;
  }

  /** Keeps at it until the signal comes. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    for (let failures = 0; !signal.aborted; ) {
      failures = (await this.look(signal)) ? 0 : failures + 1;
      await wait(this.#pauseAfter(failures), undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /**
   * Looks once at the cluster, the clock and the server, and does what is to be done. False when the cluster cannot
   * be gone by: what it was last stays in force then. Never rejects.
   */
  async look(signal?: AbortSignal): Promise<boolean> {
    try {
      const standing = await this.#refreshed(signal);
      if (!this.#wrongClock && this.#standing) await this.#tend(this.#standing);
      return standing;
    } catch (error) {
      this.#options.logger.error(traceOf(error), 'the certificate authority failed');
      return false;
    }
  }

  async #refreshed(signal: AbortSignal | undefined): Promise<boolean> {
    try {
      this.#standing = await this.#options.store.refresh();
      this.#wrongClock = undefined;
      const { problems } = this.#standing;
      this.#problem = problems[0];
      for (const problem of problems) this.#complain(problem);
      if (problems.length === 0) this.#recover();
      return true;
    } catch (error) {
      if (signal?.aborted) return false;
      if (!isExpected(error)) throw error;
      if (error instanceof ClockProblem) this.#wrongClock = error.message;
      this.#problem = error.message;
      this.#complain(error.message);
      return false;
    }
  }

  async #tend({ keyring: { current }, configuration }: Standing): Promise<void> {
    const { namespace, clock, chance, logger } = this.#options;
    const now = clock();
    const bundles = bundlesOf(configuration).filter(bundle => bundle.length > 0);
    const isNeeded = this.#needsAnother(bundles, isTrusted(configuration, current.cert), now);
    if (isNeeded && expiryOf(current) > now) {
      this.#leaf = await Leaf.mint(current, namespace, now, chance());
      this.#served.useCertificate(this.#leaf.certificate);
      logger.info({ expires: this.#leaf.expires }, 'new certificate in use');
    }
    const distinct = new Map(bundles.map(bundle => [bundle.join('\n'), bundle]));
    const verdicts = await Promise.all([...distinct.values()].map(bundle => this.#served.dial(bundle)));
    // One webhook that is reached is better than none; and what could not be told changes nothing.
    if (verdicts.includes(true)) this.#believed = true;
    else if (!verdicts.includes(undefined)) this.#believed = false;
  }

  /** A valid certificate is given up for nothing less than one that every webhook believes. */
  #needsAnother(bundles: readonly string[][], wouldBeBelieved: boolean, now: Date): boolean {
    const leaf = this.#leaf;
    if (!leaf?.isValid(now)) return true;
    return wouldBeBelieved && (leaf.isDue(now) || !bundles.some(bundle => leaf.isSignedByOneOf(bundle)));
  }

  /** Tells each problem once, until all is well again. */
  #complain(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    const consequence = this.whyNotReady ? 'waiting for a certificate' : 'the certificate in use stays';
    this.#options.logger.error({ problem }, consequence);
  }

  #recover(): void {
    if (this.#told.size > 0) this.#options.logger.info('the certificate authority is in order again');
    this.#told.clear();
  }

  #pauseAfter(failures: number): number {
    const chance = this.#options.chance();
    if (failures === 0) return PERIOD_MS + PERIOD_JITTER_MS * chance;
    return Math.min(PERIOD_MS, FIRST_RETRY_MS * 2 ** (failures - 1)) * (0.8 + 0.2 * chance);
  }
}

function isExpected(error: unknown): error is Error {
  return error instanceof ApiProblem || error instanceof StoreProblem || error instanceof ClockProblem;
}
