import { X509Certificate } from 'node:crypto';
import type { Certificate } from '../certificates.ts';
import { makeServing, serviceNames } from './x509.ts';

const HOUR_MS = 3_600_000;
/** The longest life of a serving certificate. */
export const LEAF_MS = 7 * 24 * HOUR_MS;
const AGE_OF_RENEWAL = 2 / 3;
/** So that replicas which began together do not renew together. */
const JITTER = 0.1;

/** A serving certificate of one replica. It is in no Secret and in no file. */
export class Leaf {
  readonly certificate: Certificate;
  readonly expires: Date;
  readonly #x509: X509Certificate;
  readonly #renewAt: number;

  private constructor(certificate: Certificate, chance: number) {
    this.certificate = certificate;
    this.#x509 = new X509Certificate(certificate.cert);
    this.expires = this.#x509.validToDate;
    const from = this.#x509.validFromDate.getTime();
    const share = AGE_OF_RENEWAL * (1 + JITTER * (2 * chance - 1));
    this.#renewAt = from + (this.expires.getTime() - from) * share;
  }

  /** `chance`, from 0 to 1, decides how early it is renewed. */
  static async mint(authority: Certificate, namespace: string, now: Date, chance: number): Promise<Leaf> {
    const end = new X509Certificate(authority.cert).validToDate.getTime();
    const validity = {
      // Clocks differ.
      from: new Date(now.getTime() - HOUR_MS),
      until: new Date(Math.min(now.getTime() + LEAF_MS, end)),
    };
    return new Leaf(await makeServing(authority, serviceNames(namespace), validity), chance);
  }

  isValid(now: Date): boolean {
    return this.#x509.validFromDate <= now && now < this.expires;
  }

  isDue(now: Date): boolean {
    return now.getTime() >= this.#renewAt;
  }

  /** Did one of these authorities, as PEM, sign it? */
  isSignedByOneOf(authorities: readonly string[]): boolean {
    return authorities.some(pem => {
      try {
        return this.#x509.verify(new X509Certificate(pem).publicKey);
      } catch {
        return false;
      }
    });
  }
}
