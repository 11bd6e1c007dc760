import { makeAuthority, makeServing, serviceNames } from '../src/webhook/authority/x509.ts';

/** A certificate authority's certificate, and a serving certificate that it signed; all PEM. */
export interface Certificates {
  readonly authority: string;
  readonly serving: string;
  readonly servingKey: string;
  readonly validUntil: Date;
}

const oneHour = 3_600_000;

/**
 * Makes an authority and one serving certificate for the given names, both valid for a year from an hour ago, since
 * clocks differ. The authority's private key is not kept: nothing else can ever be signed with it.
 */
export async function makeCertificates(
  names: readonly string[] = serviceNames('premortem'),
): Promise<Certificates> {
  const from = new Date(Date.now() - oneHour);
  const validUntil = new Date(from);
  validUntil.setUTCFullYear(from.getUTCFullYear() + 1);
  const authority = await makeAuthority({ from, until: validUntil });
  const serving = await makeServing(authority, names, { from, until: validUntil });
  return { authority: authority.cert, serving: serving.cert, servingKey: serving.key, validUntil };
}
