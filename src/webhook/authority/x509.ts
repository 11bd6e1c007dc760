import { randomBytes } from 'node:crypto';
import type { Certificate } from '../certificates.ts';

/** From when to when a certificate is valid, in whole seconds. */
export interface Validity {
  from: Date;
  until: Date;
}

/** ECDSA over P-256, the cheapest handshake that every API server speaks. */
const ALGORITHM = { keyType: 'ec', curve: 'P-256', algorithm: 'sha256' } as const;

/**
 * Makes a certificate authority, which may sign no further ones. No two have the same name: who verifies looks for
 * the signer of a certificate by that.
 */
export async function makeAuthority({ from, until }: Validity): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const name = `premortem ${from.toISOString()} ${randomBytes(4).toString('hex')}`;
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }], {
    ...ALGORITHM,
    notBeforeDate: from,
    notAfterDate: until,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  return { cert, key };
}

/** Makes a certificate for a server of these DNS names, signed by an authority. */
export async function makeServing(
  authority: Certificate,
  names: readonly string[],
  { from, until }: Validity,
): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'premortem' }], {
    ...ALGORITHM,
    notBeforeDate: from,
    notAfterDate: until,
    ca: authority,
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: names.map(value => ({ type: 2, value })) },
    ],
  });
  return { cert, key };
}

/** The names under which the API server calls the Service. */
export function serviceNames(namespace: string): string[] {
  return [`premortem.${namespace}.svc`, `premortem.${namespace}.svc.cluster.local`];
}
