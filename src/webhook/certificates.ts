import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';

/** A certificate with its chain, and its private key, both as PEM text. */
export interface Certificate {
  cert: string;
  key: string;
}

export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/** Why a pair of files cannot be served: it names the file and never what stands in it. */
export class CertificateError extends Error {}

/** Reads a certificate and its key, and makes sure that they belong together. Throws a {@link CertificateError}. */
export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<Certificate> {
  // One after the other, so that of two missing files always the same one is named.
  const cert = await read(certFile);
  const key = await read(keyFile);
  const certificate = attempt(
    () => new X509Certificate(cert),
    `${certFile} does not hold a certificate in PEM`,
  );
  const privateKey = attempt(
    () => createPrivateKey(key),
    `${keyFile} does not hold a private key in PEM, without a passphrase`,
  );
  if (!certificate.checkPrivateKey(privateKey))
    throw new CertificateError(
      `the private key in ${keyFile} does not belong to the certificate in ${certFile}`,
    );
  attempt(() => createSecureContext({ cert, key }), `the certificate in ${certFile} cannot be used for TLS`);
  return { cert, key };
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CertificateError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function attempt<T>(action: () => T, otherwise: string): T {
  try {
    return action();
  } catch {
    throw new CertificateError(otherwise);
  }
}

export function expiryOf({ cert }: Certificate): Date {
  return new X509Certificate(cert).validToDate;
}

/** A certificate for a first try, which no API server trusts. It is kept in memory alone. */
export async function selfSignedCertificate(): Promise<Certificate> {
  const { generate } = await import('selfsigned');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'premortem' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 2, value: 'premortem.premortem.svc' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { cert, key };
}
