// Writes helm-<version>-<what>.json: what the API server sends when Helm stores a release, with each Helm that is
// there. Run by npm run record.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBinaries, type HelmVersion } from '../e2e/binaries.ts';
import { ControlPlane } from '../e2e/control-plane.ts';
import { passed } from '../e2e/outcome.ts';
import { until } from '../e2e/until.ts';
import type { ReviewBody } from './capture.ts';
import { Recorder } from './recorder.ts';

const CHARTS = join(import.meta.dirname, '../e2e/charts');

const binaries = findBinaries();
if (typeof binaries === 'string') throw new Error(binaries);
const cluster = new ControlPlane(binaries);
const recorder = new Recorder();
try {
  await cluster.start();
  await install(await recorder.start());
  for (const version of cluster.helmVersions) await record(version);
} finally {
  await recorder.stop();
  await cluster.stop({ keep: false });
}

/** Makes the API server send every release to the recorder, and waits until it does. */
async function install(clientConfig: { url: string; caBundle: string }): Promise<void> {
  const rule = { apiGroups: [''], apiVersions: ['v1'], resources: ['secrets', 'configmaps'] };
  const webhook = {
    name: 'recorder.premortem.dev',
    clientConfig,
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    objectSelector: { matchLabels: { owner: 'helm' } },
    rules: [{ ...rule, operations: ['CREATE', 'UPDATE'] }],
  };
  const [apiVersion, kind] = ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'];
  passed(await cluster.apply({ apiVersion, kind, metadata: { name: 'recorder' }, webhooks: [webhook] }));
  const metadata = { name: 'probe', namespace: 'default', labels: { owner: 'helm' } };
  await until('the recorder is asked', 20, async () => {
    passed(await cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata }, '--dry-run=server'));
    return recorder.reviews.length > 0;
  });
}

/** The Namespace moves out of the chart, comes back with the rollback, and is kept from being deleted in between. */
async function record(version: HelmVersion): Promise<void> {
  const [releases, shop] = [`releases-${version}`, `shop-${version}`];
  const helm = async (what: string, command: string[], driver: 'secret' | 'configmap' = 'secret') => {
    const before = recorder.reviews.length;
    passed(await cluster.helm(version, [...command, '-n', releases], driver));
    const creation = recorder.reviews.slice(before).find(({ request }) => request.operation === 'CREATE');
    if (!creation) throw new Error(`Helm ${version} stored nothing: ${command.join(' ')}`);
    write(`helm-${version}-${what}`, creation);
  };
  const chart = (name: string, namespace: string) => [join(CHARTS, name), '--set', `namespace=${namespace}`];

  passed(await cluster.kubectl(['create', 'namespace', releases]));
  await helm('install', ['install', 'shop', ...chart('shop-1', shop)]);
  passed(await cluster.kubectl(['annotate', 'namespace', shop, 'helm.sh/resource-policy=keep']));
  await helm('upgrade', ['upgrade', 'shop', ...chart('shop-2', shop)]);
  await helm('rollback', ['rollback', 'shop', '1']);
  await helm('install-configmap', ['install', 'shop', ...chart('shop-1', `${shop}-too`)], 'configmap');
}

function write(name: string, review: ReviewBody): void {
  delete review.request.object?.metadata?.managedFields;
  writeFileSync(join(import.meta.dirname, `${name}.json`), `${JSON.stringify(review, null, 2)}\n`);
}
