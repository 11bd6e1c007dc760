import assert from 'node:assert/strict';
import type { ControlPlane } from '../control-plane.ts';
import { deployment } from '../manifests.ts';
import { guarded } from '../namespaces.ts';
import { Neighbour } from '../neighbour.ts';
import { passed } from '../outcome.ts';
import type { Premortem } from '../premortem.ts';
import { until } from '../until.ts';

const NAMESPACE = 'neighbour';
const OURS = 'premortem';

/** Told while premortem is away, its configuration fails closed, and its Deployment is there; all stays so. */
export function neighbours(cluster: ControlPlane, premortem: Premortem): void {
  const neighbour = new Neighbour(cluster);
  const neighboursOwn = deployment(NAMESPACE, 'webhook', { name: 'main' });

  describe('premortem and another webhook that each must be asked before the other may start', () => {
    before(async function () {
      if (!cluster.hasControllers) this.skip();
      await premortem.serve();
      await guarded(cluster, NAMESPACE, 'enforce');
      passed(await cluster.apply(neighboursOwn));
      await replaced(cluster, NAMESPACE, new Set());
      await premortem.stop();
      await neighbour.install(OURS);
    });
    after(async () => {
      if (cluster.hasControllers) await neighbour.remove();
    });

    it('hold each other up while both are down', async () => {
      const annotate = ['annotate', 'deployment/premortem', `--namespace=${OURS}`, 'a=b', '--dry-run=server'];
      await until('the neighbour is asked', 20, async () =>
        failedCalling('pods.neighbour.example', await cluster.kubectl(annotate)),
      );
      const changed = deployment(NAMESPACE, 'webhook', { name: 'main', image: 'other:1' });
      assert.ok(failedCalling('enforce.premortem.dev', await cluster.apply(changed)));
    });

    it("and come back all the same: first the neighbour's Pods, which premortem is not asked about", async () => {
      const lost = await lose(cluster, NAMESPACE);
      await replaced(cluster, NAMESPACE, lost);
    });

    it('and then those of premortem, when the neighbour answers again', async () => {
      const lost = await lose(cluster, OURS);
      await neighbour.serve();
      await replaced(cluster, OURS, lost);
    });
  });
}

function failedCalling(webhook: string, { stderr }: { stderr: string }): boolean {
  return stderr.includes(`failed calling webhook "${webhook}"`);
}

/** Deletes the Pods of a namespace, and gives the uids of those that are lost. */
async function lose(cluster: ControlPlane, namespace: string): Promise<Set<unknown>> {
  const lost = new Set(await uids(cluster, namespace));
  passed(await cluster.kubectl(['delete', 'pods', '--all', `--namespace=${namespace}`]));
  return lost;
}

async function replaced(cluster: ControlPlane, namespace: string, lost: Set<unknown>): Promise<void> {
  await until(`${namespace} has Pods again`, 20, async () =>
    (await uids(cluster, namespace)).some(uid => !lost.has(uid)),
  );
}

async function uids(cluster: ControlPlane, namespace: string): Promise<unknown[]> {
  return (await cluster.list('pods', namespace)).map(({ metadata }) => metadata?.uid);
}
