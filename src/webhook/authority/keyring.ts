import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { own } from '../../kubernetes/object.ts';
import type { Certificate } from '../certificates.ts';

/** What the Secret holds: the authority that signs, and in a change the next one or the last one. */
export interface Keyring {
  readonly current: Certificate;
  /** Made, but nothing is signed with it yet. */
  readonly next?: Certificate & {
    /** Since when every webhook believes it. */
    readonly believedSince?: Date;
  };
  /** Signs no more, but certificates that it signed may still be in use. Its key is gone. */
  readonly former?: {
    readonly cert: string;
    /** When it signed for the last time. */
    readonly since: Date;
  };
}

export const SECRET_TYPE = 'premortem.dev/authority';

/** Why a Secret cannot be used: it never tells what stands in it. */
export class KeyringError extends Error {}

/** Reads a Secret as it comes from the API server. Throws {@link KeyringError}. */
export function readKeyring(secret: unknown): Keyring {
  const type = own(secret, 'type');
  if (type !== SECRET_TYPE) throw new KeyringError(`it is not of the type ${SECRET_TYPE}`);
  const data = own(secret, 'data');
  const entry = (name: string) => entryOf(data, name);
  const current = pair(entry('ca.crt'), entry('ca.key'), 'ca');
  const [next, nextKey] = [entry('next.crt'), entry('next.key')];
  const [former, since] = [entry('former.crt'), entry('former.since')];
  const believed = entry('next.believed-since');
  return {
    current,
    ...((next ?? nextKey) !== undefined && {
      next: {
        ...pair(next, nextKey, 'next'),
        ...(believed !== undefined && { believedSince: time(believed, 'next.believed-since') }),
      },
    }),
    ...((former ?? since) !== undefined && {
      former: { cert: authority(former, 'former.crt').toString(), since: time(since, 'former.since') },
    }),
  };
}

/** What stands in the Secret's `data`. */
export function dataOf({ current, next, former }: Keyring): Record<string, string> {
  const entries = {
    'ca.crt': current.cert,
    'ca.key': current.key,
    'next.crt': next?.cert,
    'next.key': next?.key,
    'next.believed-since': next?.believedSince?.toISOString(),
    'former.crt': former?.cert,
    'former.since': former?.since.toISOString(),
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([name, text]) =>
      text === undefined ? [] : [[name, Buffer.from(text).toString('base64')]],
    ),
  );
}

function entryOf(data: unknown, name: string): string | undefined {
  const value = own(data, name);
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString() : undefined;
}

function pair(cert: string | undefined, key: string | undefined, name: string): Certificate {
  const x509 = authority(cert, `${name}.crt`);
  if (!key) throw new KeyringError(`it has no ${name}.key`);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch {
    throw new KeyringError(`its ${name}.key holds no private key in PEM`);
  }
  if (privateKey.asymmetricKeyType !== 'ec') throw new KeyringError(`its ${name}.key is not for ECDSA`);
  if (!x509.checkPrivateKey(privateKey))
    throw new KeyringError(`its ${name}.key does not belong to its ${name}.crt`);
  return { cert: x509.toString(), key };
}

function authority(cert: string | undefined, name: string): X509Certificate {
  if (!cert) throw new KeyringError(`it has no ${name}`);
  let x509: X509Certificate;
  try {
    x509 = new X509Certificate(cert);
  } catch {
    throw new KeyringError(`its ${name} holds no certificate in PEM`);
  }
  if (!x509.ca) throw new KeyringError(`its ${name} is no certificate authority`);
  return x509;
}

function time(text: string | undefined, name: string): Date {
  const date = new Date(text ?? '');
  if (Number.isNaN(date.getTime())) throw new KeyringError(`its ${name} holds no time`);
  return date;
}
