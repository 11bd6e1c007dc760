import assert from 'node:assert/strict';
import { join } from 'node:path';
import { apiServerMetrics } from '../../api-server-metrics.ts';
import type { ControlPlane } from '../control-plane.ts';
import { configMap, deployment } from '../manifests.ts';
import { create, guarded } from '../namespaces.ts';
import { passed, refusalOf } from '../outcome.ts';
import type { Premortem } from '../premortem.ts';
import { until } from '../until.ts';
import { FAILED_OPEN, samples } from './traffic.ts';

const NAMESPACE = 'left-alone';
const FAIL_CLOSED = join(import.meta.dirname, '../../../manifests/overlays/fail-closed/webhook.yaml');
const CONFIGURATION = 'validatingwebhookconfiguration/premortem';

/** Told after the claims that need premortem: it takes it away. Its configuration stays, and fails closed. */
export function absence(cluster: ControlPlane, premortem: Premortem): void {
  const bad = (name: string) => deployment(NAMESPACE, name, { name: 'web', memory: false });
  const apply = (name: string) => cluster.apply(bad(name));

  describe('while premortem is away', () => {
    before(async () => {
      await create(cluster, NAMESPACE);
      passed(await apply('old'));
      await guarded(cluster, NAMESPACE, 'enforce');
      await premortem.stop();
    });

    it('everything passes, and the API server counts it', async () => {
      passed(await apply('new'));
      passed(await cluster.kubectl(['delete', 'namespace', NAMESPACE, '--dry-run=server']));
      const webhooks = (await samples(cluster, FAILED_OPEN)).map(line => /name="([^"]+)"/.exec(line)?.[1]);
      assert.deepEqual(webhooks.sort(), ['enforce.premortem.dev', 'namespaces.premortem.dev']);
      const annotations = cluster.audited('deployments', NAMESPACE);
      const key = 'failed-open.validating.webhook.admission.k8s.io/round_0_index_0';
      assert.equal(annotations[key], 'enforce.premortem.dev');
    });

    it('and no longer, once it is back', async () => {
      await premortem.serve();
      refusalOf(await apply('another'));
    });
  });

  describe('while premortem is away, and the overlay fail-closed is in force', () => {
    before(async () => {
      passed(await cluster.kubectl(['patch', CONFIGURATION, '--patch-file', FAIL_CLOSED]));
      await premortem.stop();
    });

    it('what it would judge is held up, in words that name it', async () => {
      const heldUp = async () => (await cluster.create(bad('late'), '--dry-run=server')).code !== 0;
      await until('the overlay is in force', 20, heldUp);
      const creation = await apply('late');
      assert.match(creation.stderr, /failed calling webhook "enforce\.premortem\.dev"/);
      const deletion = await cluster.kubectl(['delete', 'namespace', NAMESPACE]);
      assert.match(deletion.stderr, /failed calling webhook "namespaces\.premortem\.dev"/);
    });

    it('kube-system goes on, and so does every namespace without the label', async () => {
      passed(await cluster.apply(configMap('kube-system', 'settings')));
      await create(cluster, 'never-guarded');
      passed(await cluster.apply(deployment('never-guarded', 'web', { name: 'web', memory: false })));
    });

    it('Helm can store a release, and meets the refusal where it does something to a namespace that enforces', async () => {
      const metadata = {
        namespace: 'never-guarded',
        name: 'sh.helm.release.v1.shop.v1',
        labels: { owner: 'helm' },
      };
      const type = 'helm.sh/release.v1';
      passed(await cluster.create({ apiVersion: 'v1', kind: 'Secret', metadata, type }));
    });

    it('the API server has every metric that alerts and pages name, with these labels', async () => {
      const metrics = passed(await cluster.kubectl(['get', '--raw=/metrics'], { as: 'admin' }));
      for (const [name, labels] of Object.entries(apiServerMetrics)) {
        const sample = new RegExp(`^${name}(?:_count)?\\{(.*)\\} `, 'm').exec(metrics)?.[1] ?? '';
        const found = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label);
        assert.deepEqual(found.sort(), labels.toSorted(), name);
      }
      const blocked = await samples(cluster, 'apiserver_admission_webhook_rejection_count');
      assert.match(blocked.join('\n'), /error_type="calling_webhook_error",name="enforce\.premortem\.dev"/);
    });

    it('what runs can be scaled, and gets its Pods', async function () {
      if (!cluster.hasControllers) this.skip();
      passed(await cluster.kubectl(['scale', 'deployment/old', '--replicas=3', '-n', NAMESPACE]));
      await until('there are three Pods', 20, async () => {
        const pods = await cluster.list('pods', NAMESPACE);
        return pods.filter(({ metadata }) => metadata?.labels?.app === 'old').length === 3;
      });
    });
  });
}
