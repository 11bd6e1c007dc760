import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSchedule } from '../../../src/kubernetes/cron.ts';
import type { ControlPlane } from '../control-plane.ts';
import { cronJob } from '../manifests.ts';
import { create } from '../namespaces.ts';

const RECORDING = join(import.meta.dirname, '../../kubernetes/cron.robfig.json');
const NAMESPACE = 'schedules';

export function cron(cluster: ControlPlane): void {
  describe('a schedule', () => {
    it('is accepted by the API server just where premortem can read it', async () => {
      await create(cluster, NAMESPACE);
      const schedules = handPicked();
      const items = schedules.map((schedule, index) => cronJob(NAMESPACE, `at-${index}`, schedule));
      const list = { apiVersion: 'v1', kind: 'List', items };
      const { stdout } = await cluster.create(list, '--dry-run=server', '-o', 'name');
      const accepted = new Set(stdout.split('\n'));
      assert.ok(accepted.size > 10);
      for (const [index, schedule] of schedules.entries())
        assert.equal(parseSchedule(schedule).ok, accepted.has(`cronjob.batch/at-${index}`), schedule);
    });
  });
}

/** The empty one is left out: the API server misses it before it is read. */
function handPicked(): string[] {
  const { groups } = JSON.parse(readFileSync(RECORDING, 'utf8')) as { groups: { schedules: [string][] }[] };
  return (groups[0]?.schedules ?? []).map(([text]) => text).filter(text => text !== '');
}
