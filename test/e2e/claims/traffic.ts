import assert from 'node:assert/strict';
import type { ControlPlane } from '../control-plane.ts';
import { passed } from '../outcome.ts';
import type { Premortem } from '../premortem.ts';

export const FAILED_OPEN = 'apiserver_admission_webhook_fail_open_count';
const CONDITION_ERRORS = 'apiserver_admission_match_condition_evaluation_errors_total';
const CALLS = 'apiserver_admission_webhook_request_total';

/** Told after the claims that make the traffic, and before premortem is taken away. */
export function traffic(cluster: ControlPlane, premortem: Premortem): void {
  describe('the API server, in all of this', () => {
    it('got an answer whenever it asked', async () => {
      assert.deepEqual(await samples(cluster, FAILED_OPEN), []);
      const calls = await samples(cluster, CALLS);
      assert.ok(calls.length > 0);
      assert.deepEqual(
        calls.filter(line => !/code="(200|403)"/.test(line)),
        [],
      );
    });

    it('could evaluate every condition', async () => {
      assert.deepEqual(await samples(cluster, CONDITION_ERRORS), []);
    });

    it('asked every webhook', async () => {
      const calls = await samples(cluster, CALLS);
      const names = new Set(calls.map(line => /name="(\w+)\.premortem\.dev"/.exec(line)?.[1]));
      const withHelm = cluster.helmVersions.length > 0 ? ['releases'] : [];
      assert.deepEqual([...names].sort(), ['audit', 'cluster', 'enforce', 'namespaces', ...withHelm, 'warn']);
    });

    it('asked about the deletion of Namespaces', async () => {
      const calls = await samples(cluster, CALLS);
      const deletions = calls.filter(line =>
        /name="namespaces\.premortem\.dev".*operation="DELETE"/.test(line),
      );
      for (const rejected of [true, false])
        assert.ok(
          deletions.some(line => line.includes(`rejected="${rejected}"`)),
          deletions.join('\n'),
        );
    });

    it('did not ask about what controllers make', () => {
      const asked = [...premortem.log.matchAll(/"kind":"(\w+)","namespace":"([\w-]+)","name":"(?!probe")/g)];
      const kindsIn = (namespace: string) =>
        new Set(asked.filter(([, , ns]) => ns === namespace).map(([, kind]) => kind));
      assert.deepEqual([...kindsIn('old')], ['Deployment']);
      assert.deepEqual([...kindsIn('every-minute')], []);
    });
  });
}

/** The samples of a counter that are not zero, as `name{labels} value`. */
export async function samples(cluster: ControlPlane, name: string): Promise<string[]> {
  const metrics = passed(await cluster.kubectl(['get', '--raw=/metrics'], { as: 'admin' }));
  return metrics.split('\n').filter(line => line.startsWith(`${name}{`) && !line.endsWith(' 0'));
}
