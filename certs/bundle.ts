import { X509Certificate } from 'node:crypto';

/** The part of a ValidatingWebhookConfiguration that is read here. */
export interface WebhookConfiguration {
  webhooks?: { name: string; clientConfig: { caBundle?: string } }[];
}

/** One step of a JSON Patch (RFC 6902). */
export interface PatchStep {
  op: 'test' | 'add';
  path: string;
  value: string;
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The patch that makes every webhook believe the new authority (PEM), besides those already there until they expire:
 * for a minute, some replicas still serve what an older one signed. Empty if there is nothing to change.
 */
export function patchFor(configuration: WebhookConfiguration, authority: string, now: Date): PatchStep[] {
  const webhooks = configuration.webhooks ?? [];
  const there = webhooks.flatMap(({ clientConfig }) => certificatesIn(clientConfig.caBundle ?? ''));
  const bundle = bundleOf([authority.trim(), ...there.filter(pem => isValid(pem, now))]);
  return webhooks.flatMap(({ name, clientConfig }, index): PatchStep[] => {
    if (clientConfig.caBundle === bundle) return [];
    return [
      { op: 'test', path: `/webhooks/${index}/name`, value: name },
      { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: bundle },
    ];
  });
}

function certificatesIn(caBundle: string): string[] {
  return Buffer.from(caBundle, 'base64').toString().match(certificate) ?? [];
}

function bundleOf(certificates: string[]): string {
  return Buffer.from([...new Set(certificates)].map(pem => `${pem}\n`).join('')).toString('base64');
}

function isValid(pem: string, now: Date): boolean {
  try {
    return new X509Certificate(pem).validToDate > now;
  } catch {
    return false;
  }
}
