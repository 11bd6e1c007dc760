import { X509Certificate } from 'node:crypto';

/** The part of a ValidatingWebhookConfiguration that is read here. */
export interface WebhookConfiguration {
  metadata?: { resourceVersion?: string };
  webhooks?: { name: string; clientConfig: { caBundle?: string } }[];
}

/** Authorities, as PEM, that the API server is to believe, and those that it is to believe no longer. */
export interface Trust {
  wanted: readonly string[];
  unwanted?: readonly string[];
}

/** One step of a JSON Patch (RFC 6902). */
export interface PatchStep {
  op: 'test' | 'add';
  path: string;
  value: string;
}

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * The patch that makes every webhook believe what is wanted. Empty if there is nothing to change.
 *
 * What others have put there stays until it expires, unless it is unwanted: in a rollout some replicas still serve
 * what somebody else signed, and who may write here could send the requests elsewhere anyway.
 *
 * A JSON Patch, for the sake of whoever else applies the configuration: it sets nothing but caBundle, which the
 * manifests do not name, so that kubectl and Argo CD neither remove it nor report it. A server-side apply would make us
 * an owner of the entries as well; an upgrade that drops one would then leave a stump of it, and be refused as invalid
 * (kube-apiserver 1.36).
 */
export function patchFor(
  configuration: WebhookConfiguration,
  { wanted, unwanted = [] }: Trust,
  now: Date,
): PatchStep[] {
  const webhooks = configuration.webhooks ?? [];
  const dropped = new Set(unwanted.map(pem => pem.trim()));
  const others = bundlesOf(configuration)
    .flat()
    .filter(pem => !dropped.has(pem) && (expiryOf(pem) ?? now) > now);
  const bundle = bundleOf([...wanted.map(pem => pem.trim()), ...others]);
  return webhooks.flatMap(({ name, clientConfig }, index): PatchStep[] => {
    if (clientConfig.caBundle === bundle) return [];
    return [
      { op: 'test', path: `/webhooks/${index}/name`, value: name },
      { op: 'add', path: `/webhooks/${index}/clientConfig/caBundle`, value: bundle },
    ];
  });
}

/** The certificates, as PEM, by which each webhook is believed. */
export function bundlesOf({ webhooks = [] }: WebhookConfiguration): string[][] {
  return webhooks.map(({ clientConfig }) => {
    const text = Buffer.from(clientConfig.caBundle ?? '', 'base64').toString();
    return (text.match(certificate) ?? []).filter(pem => expiryOf(pem) !== undefined);
  });
}

/** Does every webhook believe an authority? None is none that does. */
export function isTrusted(configuration: WebhookConfiguration, authority: string): boolean {
  const bundles = bundlesOf(configuration);
  return bundles.length > 0 && bundles.every(bundle => bundle.includes(authority.trim()));
}

function bundleOf(certificates: string[]): string {
  return Buffer.from([...new Set(certificates)].map(pem => `${pem}\n`).join('')).toString('base64');
}

/** Undefined for what is no certificate. */
function expiryOf(pem: string): Date | undefined {
  try {
    return new X509Certificate(pem).validToDate;
  } catch {
    return undefined;
  }
}
