import { X509Certificate } from 'node:crypto';
import type { Certificate } from '../certificates.ts';
import { bundlesOf, isTrusted, type Trust, type WebhookConfiguration } from './bundle.ts';
import type { Keyring } from './keyring.ts';
import { LEAF_MS } from './leaf.ts';
import { makeAuthority } from './x509.ts';

const HOUR_MS = 3_600_000;
const AUTHORITY_MS = 365 * 24 * HOUR_MS;
/** A change begins when so much of an authority's life is over. */
const AGE_OF_CHANGE = 2 / 3;
/**
 * How long the webhooks must have believed an authority before it signs, so that every API server has noticed: an
 * hour, and two more since the clocks of two replicas may be an hour off, each in its own direction.
 */
const BELIEVED_MS = 3 * HOUR_MS;
/** The longest life of what the former authority signed, and a day for who still reads an old Secret. */
const FORMER_MS = LEAF_MS + 24 * HOUR_MS;

/** A new authority. It is valid from a day ago, so that it is by everybody's clock. */
export async function freshAuthority(now: Date): Promise<Certificate> {
  const from = new Date(now.getTime() - 24 * HOUR_MS);
  return makeAuthority({ from, until: new Date(from.getTime() + AUTHORITY_MS) });
}

/** Whom the API server is to believe. Always in the order of age, so that a mere change of roles changes nothing. */
export function trustOf({ current, next, former }: Keyring, now: Date): Trust {
  const unwanted = former && isOver(former, now) ? [former.cert] : [];
  const wanted = [former, current, next]
    .flatMap(one => one?.cert ?? [])
    .filter(cert => !unwanted.includes(cert));
  return { wanted, unwanted };
}

/** A step of a change of authorities. */
export interface Step {
  /** In words for the log. */
  what: string;
  /** What is to stand in the Secret from now on. */
  keyring: Keyring;
}

/**
 * The next step of a change of authorities, if one is due. Everything follows from the Secret, the webhook
 * configuration and the clock, so any replica can take any step.
 *
 * 1. At two thirds of an authority's life the next one is put beside it, and with it into every caBundle.
 * 2. When it has been believed for long enough, it signs. The former one stays in every caBundle, without its key.
 * 3. When all that the former one signed has expired, it goes: first from every caBundle, then from the Secret.
 */
export async function succession(
  keyring: Keyring,
  configuration: WebhookConfiguration,
  now: Date,
): Promise<Step | undefined> {
  const { current, next, former } = keyring;
  // Nobody believes anything of it any more: there is nothing to be careful with.
  if (!isUsable(current, now)) {
    const heir = next && isUsable(next, now) ? bare(next) : await freshAuthority(now);
    return { what: 'the authority was not valid, another signs at once', keyring: { current: heir } };
  }
  if (next) return introduced(keyring, next, isTrusted(configuration, next.cert), now);
  if (former) {
    const isGone = !bundlesOf(configuration).flat().includes(former.cert.trim());
    if (!isOver(former, now) || !isGone) return undefined;
    return { what: 'the former authority is gone', keyring: { current } };
  }
  if (!isAging(current, now)) return undefined;
  return { what: 'the next authority is made', keyring: { current, next: await freshAuthority(now) } };
}

function introduced(
  { current }: Keyring,
  next: NonNullable<Keyring['next']>,
  isBelieved: boolean,
  now: Date,
): Step | undefined {
  const since = next.believedSince;
  // Whoever wiped a caBundle set the time back. It is forgotten before the caBundle is repaired, so that no replica
  // that ends in between leaves a time which is not true.
  if (!isBelieved)
    return (
      since && { what: 'the next authority is believed no more', keyring: { current, next: bare(next) } }
    );
  if (!since)
    return {
      what: 'the next authority is believed',
      keyring: { current, next: { ...next, believedSince: now } },
    };
  if (now.getTime() - since.getTime() < BELIEVED_MS) return undefined;
  const keyring = { current: bare(next), former: { cert: current.cert, since: now } };
  return { what: 'the next authority signs', keyring };
}

function bare({ cert, key }: Certificate): Certificate {
  return { cert, key };
}

function isOver({ cert, since }: NonNullable<Keyring['former']>, now: Date): boolean {
  return now.getTime() - since.getTime() >= FORMER_MS || new X509Certificate(cert).validToDate <= now;
}

function isUsable({ cert }: Certificate, now: Date): boolean {
  const { validFromDate, validToDate } = new X509Certificate(cert);
  return validFromDate <= now && now < validToDate;
}

function isAging({ cert }: Certificate, now: Date): boolean {
  const { validFromDate, validToDate } = new X509Certificate(cert);
  const life = validToDate.getTime() - validFromDate.getTime();
  return now.getTime() - validFromDate.getTime() >= life * AGE_OF_CHANGE;
}
