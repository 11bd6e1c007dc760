import assert from 'node:assert/strict';
import { join } from 'node:path';
import { commands } from '../../printed.ts';
import type { Ran } from '../command.ts';
import type { ControlPlane } from '../control-plane.ts';
import { deployment } from '../manifests.ts';
import { passed } from '../outcome.ts';
import { until } from '../until.ts';

const NAMESPACE = 'in-effect';
const FAIL_CLOSED = join(import.meta.dirname, '../../../manifests/overlays/fail-closed');
const OUTSIDE = ['validatingwebhookconfigurations', 'clusterrolebindings', 'clusterroles', 'namespaces'];
/** kubectl waits until the namespace is gone, for which the controllers take some seconds. */
const PATIENCE_MS = 30_000;

/** Told at the very end, while premortem is away and its configuration fails closed: it takes all of it away. */
export function exits(cluster: ControlPlane): void {
  const apply = () => cluster.apply(deployment(NAMESPACE, 'web', { name: 'web', memory: false }));
  const blocked = async () => (await apply()).stderr.includes('failed calling webhook');
  const left = (...args: string[]) =>
    cluster.kubectl(['get', OUTSIDE.join(), '-l', 'app.kubernetes.io/name=premortem', ...args]);

  describe('the break-glass', () => {
    it('is one command, and then everything passes', async () => {
      assert.ok(await blocked());
      const command = commands('operations.md', 'Break-glass');
      assert.equal(command.trim().split('\n').length, 1);
      passed(await cluster.shell(command));
      await until('everything passes', 20, async () => (await apply()).code === 0);
    });
  });

  describe('an installation that never came up and fails closed', () => {
    beforeEach(async function () {
      if (!cluster.hasControllers) this.skip();
      passed(await cluster.kubectl(['delete', 'deployments', '--all', '-n', NAMESPACE]));
      passed(await cluster.kubectl(['apply', '-k', FAIL_CLOSED]));
      await until('it blocks', 20, blocked);
    });

    /** What was deleted, in this order. */
    async function end(command: string): Promise<(string | undefined)[]> {
      const before = cluster.requests().length;
      const { ran, ms } = await timed(() => cluster.shell(command));
      passed(ran);
      assert.ok(ms < PATIENCE_MS, `it took ${ms} ms`);
      assert.equal(passed(await left('-o', 'name')), '');
      passed(await apply());
      const deletions = cluster.requests().slice(before);
      return deletions.filter(({ verb }) => verb === 'delete').map(({ objectRef }) => objectRef?.resource);
    }

    it('is ended by kubectl delete -k, which begins with the namespace and hangs nowhere', async () => {
      const deleted = await end(`kubectl delete -k ${FAIL_CLOSED}`);
      assert.equal(deleted.at(0), 'namespaces');
      assert.equal(deleted.at(-1), 'validatingwebhookconfigurations');
    });

    it('is ended by one command as well, which ends the asking before anything else', async () => {
      assert.deepEqual([...new Set(await end(commands('operations.md', 'Uninstall')))], OUTSIDE);
    });
  });
}

async function timed(action: () => Promise<Ran>): Promise<{ ran: Ran; ms: number }> {
  const started = performance.now();
  const ran = await action();
  return { ran, ms: performance.now() - started };
}
