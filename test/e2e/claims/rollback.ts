import assert from 'node:assert/strict';
import type { ControlPlane } from '../control-plane.ts';
import { deployment } from '../manifests.ts';
import { create, guard } from '../namespaces.ts';
import { passed, refusalOf } from '../outcome.ts';
import { until } from '../until.ts';

const NAMESPACE = 'rolled-back';
const WEB = 'deployment/web';

export function rollback(cluster: ControlPlane): void {
  const kubectl = (...args: string[]) => cluster.kubectl([...args, '-n', NAMESPACE]);
  const revisions = async () => (await cluster.list('replicasets', NAMESPACE)).length;

  describe('kubectl rollout undo, back into a fault', () => {
    before(async function () {
      if (!cluster.hasControllers) this.skip();
      await create(cluster, NAMESPACE);
      passed(await cluster.apply(deployment(NAMESPACE, 'web', { name: 'web', memory: false })));
      await until('there is a first revision', 20, async () => (await revisions()) === 1);
      await guard(cluster, NAMESPACE, 'enforce');
      passed(await cluster.apply(deployment(NAMESPACE, 'web', { name: 'web' })));
      await until('there is a second revision', 20, async () => (await revisions()) === 2);
    });

    it('is refused', async () => {
      const refusal = refusalOf(await kubectl('rollout', 'undo', WEB));
      assert.deepEqual(refusal.rules, ['memory-request-missing']);
    });

    // kubectl gives the Deployment the annotations of the old ReplicaSet (kubectl pkg/polymorphichelpers/rollback.go),
    // so the waiver is gone from the object when the request arrives.
    it('passes with the waiver that the message shows', async () => {
      passed(await kubectl('annotate', WEB, 'waive.premortem.dev/memory-request-missing=outage'));
      passed(await kubectl('rollout', 'undo', WEB, '--dry-run=server'));
    });

    it('passes as soon as the namespace asks for warnings alone', async () => {
      await guard(cluster, NAMESPACE, 'warn');
      await until('it passes', 20, async () => (await kubectl('rollout', 'undo', WEB)).code === 0);
    });
  });
}
