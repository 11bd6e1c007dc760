import type { ControlPlane } from '../control-plane.ts';
import { cronJob } from '../manifests.ts';
import { create, guard } from '../namespaces.ts';
import { passed } from '../outcome.ts';
import { until } from '../until.ts';

const NAMESPACE = 'every-minute';
/** A minute at the most, and some seconds for the controller. */
const PATIENCE_SECONDS = 75;

let guardedAt = Number.POSITIVE_INFINITY;

/** Makes a bad CronJob and guards its namespace then; its controller needs up to a minute to run it. */
export async function prepareSchedule(cluster: ControlPlane): Promise<void> {
  await create(cluster, NAMESPACE);
  passed(await cluster.apply(cronJob(NAMESPACE, 'report', '* * * * *')));
  await guard(cluster, NAMESPACE, 'enforce');
  guardedAt = Date.now();
}

export function schedule(cluster: ControlPlane): void {
  describe('a CronJob that was bad before its namespace was guarded', () => {
    it('goes on making Jobs, and these their Pods', async function () {
      if (!cluster.hasControllers) this.skip();
      this.timeout((PATIENCE_SECONDS + 5) * 1000);
      for (const resource of ['jobs', 'pods'])
        await until(`there are new ${resource}`, PATIENCE_SECONDS, () => madeSince(cluster, resource));
    });
  });
}

async function madeSince(cluster: ControlPlane, resource: string): Promise<boolean> {
  const objects = await cluster.list(resource, NAMESPACE);
  return objects.some(({ metadata }) => Date.parse(String(metadata?.creationTimestamp)) >= guardedAt);
}
