import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ControlPlane } from '../control-plane.ts';
import { configMap, deployment } from '../manifests.ts';
import { passed } from '../outcome.ts';
import { until } from '../until.ts';

const BASE = join(import.meta.dirname, '../../../manifests/base');
const REPLICAS = 2;

/** Told while premortem is away and its configuration fails closed; both stay so. */
export function restart(cluster: ControlPlane): void {
  describe('when the whole control plane starts again, while premortem is away and fails closed', () => {
    before(async function () {
      if (!cluster.hasControllers) this.skip();
      for (const file of ['05-resource-quota.yaml', '30-deployment.yaml'])
        passed(await cluster.kubectl(['apply', '-f', join(BASE, file)]));
      await cluster.restart();
    });

    it('what premortem would judge is held up', async () => {
      const { stderr } = await cluster.apply(deployment('in-effect', 'web', { name: 'web' }));
      assert.match(stderr, /failed calling webhook "enforce\.premortem\.dev"/);
    });

    it('nodes come back, and their leases are renewed', async () => {
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } };
      passed(await cluster.create(node));
      passed(await cluster.kubectl(['taint', 'node', 'node-1', 'key=value:NoSchedule']));
      const metadata = { name: 'node-1', namespace: 'kube-node-lease' };
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata };
      for (const leaseDurationSeconds of [40, 41])
        passed(await cluster.apply({ ...lease, spec: { holderIdentity: 'node-1', leaseDurationSeconds } }));
    });

    it('kube-system comes back', async () => {
      passed(await cluster.apply(configMap('kube-system', 'coredns')));
      passed(await cluster.apply(deployment('kube-system', 'coredns', { name: 'main', memory: false })));
      await podsOf(cluster, 'kube-system', 'app', 'coredns', 1);
    });

    it('and so does premortem, under the quota for its class and the restricted Pod standard', async () => {
      passed(await cluster.kubectl(['delete', 'pods', '--all', '--namespace=premortem']));
      await podsOf(cluster, 'premortem', 'app.kubernetes.io/name', 'premortem', REPLICAS);
    });
  });
}

async function podsOf(
  cluster: ControlPlane,
  namespace: string,
  key: string,
  value: string,
  count: number,
): Promise<void> {
  await until(`${namespace} has the Pods of ${value}`, 20, async () => {
    const pods = await cluster.list('pods', namespace);
    const living = pods.filter(
      ({ metadata }) => metadata?.labels?.[key] === value && !metadata.deletionTimestamp,
    );
    return living.length === count;
  });
}
