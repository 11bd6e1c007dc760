import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { ControlPlane } from './control-plane.ts';
import { passed } from './outcome.ts';

export const ROOT = join(import.meta.dirname, '../..');
const BASE = join(ROOT, 'manifests/base');
/** What it is allowed to look up, and as whom: all but what needs a kubelet, the Service, and the configuration. */
const OWN_OBJECTS = [
  '00-namespace.yaml',
  '10-service-account.yaml',
  '20-rbac.yaml',
  '21-rbac-authority.yaml',
];

/** The part of a ValidatingWebhookConfiguration that depends on where premortem runs. */
interface WebhookConfiguration {
  webhooks: {
    clientConfig: { service?: { path: string; port?: number }; url?: string; caBundle?: string };
  }[];
}

/** Makes the objects that premortem runs by. */
export async function applyOwnObjects(cluster: ControlPlane): Promise<void> {
  for (const file of OWN_OBJECTS) passed(await cluster.kubectl(['apply', '-f', join(BASE, file)]));
}

/** The webhook configuration that is shipped. */
export function shippedConfiguration(): WebhookConfiguration {
  return load(readFileSync(join(BASE, '90-webhook.yaml'), 'utf8')) as WebhookConfiguration;
}
