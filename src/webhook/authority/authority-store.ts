import { isMapping } from '../../kubernetes/object.ts';
import type { ApiConversation } from '../../world/api-conversation.ts';
import { ApiProblem, Conflict, NamedObject, type Seen } from '../../world/named-object.ts';
import type { Logger } from '../log.ts';
import { patchFor, type WebhookConfiguration } from './bundle.ts';
import { dataOf, type Keyring, KeyringError, readKeyring, SECRET_TYPE } from './keyring.ts';
import { freshAuthority, succession, trustOf } from './succession.ts';

export const SECRET = 'premortem-ca';
const CONFIGURATION = 'premortem';
/** How far a clock may be off: by so much what we sign begins in the past. A `Date` header has no fractions. */
const CLOCK_MS = 3_600_000 + 2_000;
/** How often another replica may be faster before we leave it alone for a while. */
const MOST_CONFLICTS = 5;

/** What there is in the cluster, put right as far as it may be. */
export interface Standing {
  keyring: Keyring;
  configuration: WebhookConfiguration;
  /** Why something in it could not be put right. */
  problems: string[];
}

/** Why there is nothing to go by, in words for the log. */
export class StoreProblem extends Error {}

/** Our clock and the API server's differ so much that ours cannot be gone by. */
export class ClockProblem extends Error {}

export interface StoreOptions {
  conversation: ApiConversation;
  /** Where premortem runs. */
  namespace: string;
  clock: () => Date;
  logger: Logger;
  /** How long a request may take, in milliseconds. */
  answerMs?: number | undefined;
  /** Told each time that a caBundle was not as it had been left. */
  repaired: () => void;
}

/**
 * The authority in its Secret, and the caBundle of every webhook. No replica leads: each does what it sees is to be
 * done, and what another has done meanwhile is a conflict, after which it looks again.
 */
export class AuthorityStore {
  readonly #secret: NamedObject;
  readonly #configuration: NamedObject;
  readonly #options: StoreOptions;
  /** What every caBundle held when we looked last; undefined while that is not certain. */
  #published: string | undefined;

  constructor(options: StoreOptions) {
    const { conversation, namespace, answerMs } = options;
    const secrets = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
    const configurations = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
    this.#secret = new NamedObject(conversation, secrets, SECRET, answerMs);
    this.#configuration = new NamedObject(conversation, configurations, CONFIGURATION, answerMs);
    this.#options = options;
  }

  /** Looks, and does the one step that is due. Throws {@link StoreProblem}, {@link ClockProblem} or an ApiProblem. */
  async refresh(): Promise<Standing> {
    for (let left = MOST_CONFLICTS; ; left--) {
      try {
        return await this.#refresh(left > 0);
      } catch (error) {
        if (!(error instanceof Conflict) || left === 0) throw error;
      }
    }
  }

  async #refresh(mayTryAgain: boolean): Promise<Standing> {
    const problems: string[] = [];
    /** What the API server would not do, without which we can go on. */
    const orElse =
      <T>(instead: T) =>
      (error: unknown) => {
        if (!(error instanceof ApiProblem) || (error instanceof Conflict && mayTryAgain)) throw error;
        problems.push(error.message);
        return instead;
      };
    const secret = await this.#held();
    const found = keyringOf(secret);
    const { object } = await this.#configuration.get();
    if (object === undefined)
      throw new StoreProblem(`there is no ValidatingWebhookConfiguration ${CONFIGURATION}`);
    const live = object as WebhookConfiguration;
    const keyring = await this.#step(secret, found, live).catch(orElse(found));
    const configuration = await this.#publish(keyring, live).catch(orElse(live));
    return { keyring, configuration, problems };
  }

  /** The Secret, which is made where there is none. */
  async #held(): Promise<unknown> {
    const seen = await this.#secret.get();
    this.#compareClocks(seen);
    if (seen.object !== undefined) return seen.object;
    const keyring = { current: await freshAuthority(this.#options.clock()) };
    const { object } = await this.#secret.create({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: SECRET,
        namespace: this.#options.namespace,
        labels: { 'app.kubernetes.io/name': 'premortem' },
      },
      type: SECRET_TYPE,
      data: dataOf(keyring),
    });
    this.#options.logger.info({ secret: SECRET }, 'a certificate authority is made');
    return object;
  }

  async #step(secret: unknown, keyring: Keyring, live: WebhookConfiguration): Promise<Keyring> {
    const step = await succession(keyring, live, this.#options.clock());
    if (!step) return keyring;
    const { object } = await this.#secret.replace({
      ...(isMapping(secret) ? secret : {}),
      data: dataOf(step.keyring),
    });
    this.#options.logger.info({ secret: SECRET, step: step.what }, 'the certificate authority changes');
    return keyringOf(object);
  }

  async #publish(keyring: Keyring, live: WebhookConfiguration): Promise<WebhookConfiguration> {
    const now = this.#options.clock();
    const trust = trustOf(keyring, now);
    const steps = patchFor(live, trust, now);
    const wasRight = this.#published === JSON.stringify(trust);
    this.#published = undefined;
    let published = live;
    if (steps.length > 0) {
      const unchanged = {
        op: 'test',
        path: '/metadata/resourceVersion',
        value: live.metadata?.resourceVersion,
      };
      const { object } = await this.#configuration.patch([unchanged, ...steps]);
      this.#tell(steps.length / 2, wasRight);
      published = object as WebhookConfiguration;
    }
    this.#published = JSON.stringify(trust);
    return published;
  }

  #tell(webhooks: number, wasRight: boolean): void {
    const { logger, repaired } = this.#options;
    if (wasRight) {
      repaired();
      logger.warn({ webhooks }, 'somebody has changed caBundle: repaired');
    } else logger.info({ webhooks }, 'caBundle published');
  }

  #compareClocks({ date }: Seen): void {
    const ahead = date ? this.#options.clock().getTime() - date.getTime() : 0;
    if (Math.abs(ahead) <= CLOCK_MS) return;
    const hours = Math.round(Math.abs(ahead) / 3_600_000);
    throw new ClockProblem(
      `the clock here is ${hours} h ${ahead > 0 ? 'ahead of' : 'behind'} the API server's, so nothing is signed`,
    );
  }
}

function keyringOf(secret: unknown): Keyring {
  try {
    return readKeyring(secret);
  } catch (error) {
    if (!(error instanceof KeyringError)) throw error;
    throw new StoreProblem(
      `the Secret ${SECRET} cannot be used: ${error.message}; where it is deleted, premortem makes a new one`,
    );
  }
}
