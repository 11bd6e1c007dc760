import assert from 'node:assert/strict';
import type { HelmVersion } from '../binaries.ts';
import type { ControlPlane } from '../control-plane.ts';
import { create, guard, guarded } from '../namespaces.ts';
import { passed, refusalOf, warningsOf } from '../outcome.ts';
import { Release } from '../release.ts';
import { lives } from '../shop.ts';

const WEBHOOK = 'releases.premortem.dev';

/** What a chart holds, beside its Namespace. */
export function charts(cluster: ControlPlane, version: HelmVersion): void {
  const namespace = `charts-${version}`;
  const release = (name: string) => new Release(cluster, version, { name, namespace });

  describe('a chart', () => {
    before(() => guarded(cluster, namespace, 'enforce'));

    it('of ten objects, one of them bad, is refused before the first of them is made', async () => {
      const ten = release('ten');
      const refusal = refusalOf(await ten.install('ten'));
      assert.equal(refusal.webhook, WEBHOOK);
      assert.deepEqual(refusal.rules, ['memory-request-missing']);
      assert.ok(refusal.text.includes(`Deployment ${namespace}/web`), refusal.text);
      assert.ok(refusal.text.includes('ten/templates/web.yaml'), refusal.text);
      assert.deepEqual(await ten.revisions(), []);
      assert.deepEqual(await everythingIn(namespace), []);
    });

    // Helm 4 asks the API server to be strict, which comes later; Helm 3 does not.
    it('with a field that Kubernetes would drop is refused', async () => {
      const misplaced = release('misplaced');
      const refusal = refusalOf(await misplaced.install('misplaced'));
      assert.equal(refusal.webhook, WEBHOOK);
      assert.deepEqual(refusal.rules, ['field-misplaced']);
      assert.match(refusal.text, /spec\.jobTemplate\.spec\.template\.spec\.concurrencyPolicy/);
      assert.deepEqual(await misplaced.revisions(), []);
    });

    it('with its Namespace as a hook, which deletes it at every upgrade, is refused', async () => {
      const hooked = release('hooked');
      const refusal = refusalOf(await hooked.install('hooked', { namespace: `hooked-${version}` }));
      assert.equal(refusal.webhook, WEBHOOK);
      assert.deepEqual(refusal.rules, ['release-hook-recreates-namespace']);
      assert.ok(refusal.text.includes(`Namespace hooked-${version}`), refusal.text);
      assert.deepEqual(await hooked.revisions(), []);
      assert.equal(await lives(cluster, `hooked-${version}`), false);
    });
  });

  describe('a release that was bad before its namespace was guarded', () => {
    const namespace = `needy-${version}`;
    const web = new Release(cluster, version, { name: 'web', namespace });

    before(async () => {
      await create(cluster, namespace);
      passed(await web.install('needy'));
      await guard(cluster, namespace, 'enforce');
    });

    it('can get a new image, with a warning of the old fault', async () => {
      const warnings = warningsOf(await web.upgrade('needy', { tag: '2' }));
      const old = warnings.filter(line => line.endsWith('(was there before) [memory-request-missing]'));
      assert.ok(old.length > 0, warnings.join('\n'));
      assert.deepEqual(await web.revisions(), ['1 superseded', '2 deployed']);
    });

    it('is refused a new fault', async () => {
      const refusal = refusalOf(await web.upgrade('needy', { tag: '2', sidecar: 'true' }));
      assert.deepEqual(refusal.rules, ['memory-request-missing']);
      assert.match(refusal.text, /container "sidecar"/);
      assert.doesNotMatch(refusal.text, /container "web"/);
      assert.deepEqual(await web.revisions(), ['1 superseded', '2 deployed']);
    });
  });

  /** Without what Kubernetes itself puts into a namespace. */
  async function everythingIn(namespace: string): Promise<string[]> {
    const names: string[] = [];
    for (const resource of ['configmaps', 'services', 'deployments'])
      for (const { metadata } of await cluster.list(resource, namespace)) names.push(String(metadata?.name));
    return names.filter(name => name !== 'kube-root-ca.crt');
  }
}
