import { generate } from 'selfsigned';

/** A certificate authority's certificate, and a serving certificate that it signed; all PEM. */
export interface Certificates {
  readonly authority: string;
  readonly serving: string;
  readonly servingKey: string;
  readonly validUntil: Date;
}

/** The names under which the API server calls the Service. */
export const serviceNames = ['premortem.premortem.svc', 'premortem.premortem.svc.cluster.local'];

const oneHour = 3_600_000;

/** ECDSA over P-256, the cheapest handshake that every API server speaks. */
const algorithm = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/**
 * Makes an authority and one serving certificate for the given names, both valid for a year from an hour ago, since
 * clocks differ. The authority's private key is not kept: nothing else can ever be signed with it.
 */
export async function makeCertificates(names: readonly string[] = serviceNames): Promise<Certificates> {
  const from = new Date(Date.now() - oneHour);
  const validUntil = new Date(from);
  validUntil.setUTCFullYear(from.getUTCFullYear() + 1);
  const validity = { notBeforeDate: from, notAfterDate: validUntil };

  const authority = await generate([{ name: 'commonName', value: `premortem ${from.toISOString()}` }], {
    ...algorithm,
    ...validity,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const serving = await generate([{ name: 'commonName', value: names[0] }], {
    ...algorithm,
    ...validity,
    ca: { key: authority.private, cert: authority.cert },
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map(value => ({ type: 2, value })) },
    ],
  });
  return { authority: authority.cert, serving: serving.cert, servingKey: serving.private, validUntil };
}
