import assert from 'node:assert/strict';
import type { Ran } from '../command.ts';
import type { ControlPlane } from '../control-plane.ts';
import { container, cronJob, deployment } from '../manifests.ts';
import { create, guard } from '../namespaces.ts';
import { passed, refusalOf, warningsOf } from '../outcome.ts';
import { until } from '../until.ts';

const NAMESPACE = 'old';
const WEB = 'deployment/web';

export function ratchet(cluster: ControlPlane): void {
  const kubectl = (...args: string[]) => cluster.kubectl([...args, '-n', NAMESPACE]);
  const patch = (change: object) => kubectl('patch', WEB, '-p', JSON.stringify(change));
  const addContainer = (one: Parameters<typeof container>[0]) =>
    patch({ spec: { template: { spec: { containers: [container(one)] } } } });
  const newPod = async (otherThan?: string) => {
    const pods = await cluster.list('pods', NAMESPACE);
    const found = pods.find(({ metadata, spec }) => {
      const isNew = JSON.stringify(spec).includes('registry.example.com/shop:2');
      return isNew && !metadata?.deletionTimestamp && metadata?.name !== otherThan;
    });
    return found?.metadata?.name;
  };

  describe('a Deployment that was bad before its namespace was guarded', () => {
    before(async () => {
      await create(cluster, NAMESPACE);
      passed(await cluster.apply(deployment(NAMESPACE, 'web', { name: 'web', memory: false, script: true })));
      await guard(cluster, NAMESPACE, 'enforce');
    });

    it('can be scaled', async () => {
      assert.deepEqual(warningsOf(await kubectl('scale', WEB, '--replicas=2')), []);
    });

    const changes: [string, ...string[]][] = [
      ['can be labelled', 'label', WEB, 'team=shop'],
      ['can be annotated', 'annotate', WEB, 'example.com/owner=shop'],
      ['can be restarted', 'rollout', 'restart', WEB],
      ['can get a new image', 'set', 'image', WEB, 'web=registry.example.com/shop:2'],
    ];
    for (const [claim, ...command] of changes)
      it(`${claim}, with a warning for each old fault`, async () => {
        assertOldFaultsAreTold(await kubectl(...command));
      });

    for (const side of ['client', 'server'])
      it(`can be applied again as it was, by the ${side}`, async () => {
        const again = deployment(NAMESPACE, 'web', { name: 'web', memory: false, script: true });
        const how = side === 'server' ? ['--server-side', '--force-conflicts'] : [];
        assertOldFaultsAreTold(await cluster.apply(again, '--dry-run=server', ...how));
      });

    it('gets its new Pods, and another for each that goes', async function () {
      if (!cluster.hasControllers) this.skip();
      const first = await until('a Pod with the new image is made', 30, () => newPod());
      passed(await kubectl('delete', 'pod', first));
      await until('it is replaced', 30, () => newPod(first));
    });

    it('is refused a second container without a memory request, and for that alone', async () => {
      const refusal = refusalOf(await addContainer({ name: 'sidecar', memory: false }));
      assert.deepEqual(refusal.rules, ['memory-request-missing']);
      assert.match(refusal.text, /^memory-request-missing: container "sidecar" has no memory request$/m);
      assert.doesNotMatch(refusal.text, /"web"|probe-exec-without-init: /);
    });

    it('is refused another exec probe with a script, and for that alone', async () => {
      const refusal = refusalOf(await addContainer({ name: 'sidecar', script: true }));
      assert.deepEqual(refusal.rules, ['probe-exec-without-init']);
      assert.match(refusal.text, /^ {2}at {5}spec\.template\.spec\.containers\[sidecar\]\.readinessProbe/m);
    });

    it('may get a second container that is good', async () => {
      assertOldFaultsAreTold(await addContainer({ name: 'sidecar' }));
    });

    it('may be cured of one fault and keep the other', async () => {
      const warnings = warningsOf(await addContainer({ name: 'web', script: true }));
      assert.ok(warnings.some(line => line.endsWith('[probe-exec-without-init]')));
      assert.ok(!warnings.some(line => line.endsWith('[memory-request-missing]')));
    });

    it('may not fall ill again, once cured', async () => {
      const sick = { spec: { template: { spec: { containers: [{ name: 'web', resources: null }] } } } };
      assert.deepEqual(refusalOf(await patch(sick)).rules, ['memory-request-missing']);
    });
  });

  describe('a CronJob that was bad before its namespace was guarded', () => {
    it('can be run by hand', async () => {
      await create(cluster, 'old-cron');
      passed(await cluster.apply(cronJob('old-cron', 'report', '*/5 * * * *')));
      await guard(cluster, 'old-cron', 'enforce');
      const now = ['create', 'job', 'report-now', '--from=cronjob/report', '-n', 'old-cron'];
      passed(await cluster.kubectl(now));
    });
  });
}

function assertOldFaultsAreTold(ran: Ran): void {
  const told = warningsOf(ran).filter(line => line.includes('(was there before)'));
  for (const rule of ['memory-request-missing', 'probe-exec-without-init'])
    assert.ok(
      told.some(line => line.startsWith('Deployment old/web: ') && line.endsWith(`[${rule}]`)),
      `${rule} is not among ${JSON.stringify(told)}`,
    );
}
