import { X509Certificate } from 'node:crypto';
import { AuthorityStore } from '../../../src/webhook/authority/authority-store.ts';
import { bundlesOf } from '../../../src/webhook/authority/bundle.ts';
import { OwnAuthority } from '../../../src/webhook/authority/own-authority.ts';
import { serviceNames } from '../../../src/webhook/authority/x509.ts';
import type { Certificate } from '../../../src/webhook/certificates.ts';
import { createLogger } from '../../../src/webhook/log.ts';
import { accessTo } from '../../../src/world/api-access.ts';
import { ApiConversation } from '../../../src/world/api-conversation.ts';
import { LogText } from '../toy.ts';
import type { FakeCluster } from './fake-cluster.ts';

/** One replica with a clock of its own, which does nothing but when it is told to look. */
export class Replica {
  readonly authority: OwnAuthority;
  /** Of the certificates that it served so far, the last is in use. */
  readonly served: Certificate[] = [];
  repairs = 0;
  readonly #conversation: ApiConversation;
  readonly #log = new LogText();

  private constructor(conversation: ApiConversation, clock: () => Date, chance: () => number) {
    this.#conversation = conversation;
    const namespace = 'premortem';
    const logger = createLogger(this.#log, 'debug');
    const repaired = () => void this.repairs++;
    const store = new AuthorityStore({ conversation, namespace, clock, logger, repaired, answerMs: 1_000 });
    this.authority = new OwnAuthority(
      {
        useCertificate: certificate => this.served.push(certificate),
        dial: async bundle => this.isTrustedBy(bundle, clock()),
      },
      { store, namespace, clock, chance, logger },
    );
  }

  static async of(cluster: FakeCluster, clock: () => Date, chance = () => 0.5): Promise<Replica> {
    return new Replica(new ApiConversation(await accessTo(cluster.cluster)), clock, chance);
  }

  get certificate(): X509Certificate {
    const { cert = '' } = this.served.at(-1) ?? {};
    return new X509Certificate(cert);
  }

  get log(): string {
    return this.#log.text;
  }

  get isReady(): boolean {
    return this.authority.whyNotReady === undefined;
  }

  /** Looks until it is ready, as it would go on to. */
  async becomeReady(): Promise<void> {
    for (let looks = 0; looks < 20 && !this.isReady; looks++) await this.authority.look();
    if (!this.isReady) throw new Error(`it is not ready: ${this.authority.whyNotReady}\n${this.log}`);
  }

  /** Would an API server whose caBundle holds these authorities call it at this time? */
  isTrustedBy(authorities: readonly string[], now: Date): boolean {
    if (this.served.length === 0) return false;
    const { certificate } = this;
    const isValid = (one: X509Certificate) => one.validFromDate <= now && now < one.validToDate;
    const names = serviceNames('premortem');
    if (!isValid(certificate) || !names.every(name => certificate.checkHost(name))) return false;
    return authorities
      .map(pem => new X509Certificate(pem))
      .some(
        one => one.ca && isValid(one) && certificate.checkIssued(one) && certificate.verify(one.publicKey),
      );
  }

  /** By every caBundle that is in force. */
  isTrustedIn(cluster: FakeCluster, now: Date): boolean {
    const bundles = bundlesOf(cluster.configuration);
    return bundles.length > 0 && bundles.every(bundle => this.isTrustedBy(bundle, now));
  }

  stop(): void {
    this.#conversation.end();
  }
}
