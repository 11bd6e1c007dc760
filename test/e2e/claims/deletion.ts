import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ControlPlane } from '../control-plane.ts';
import { configMap, namespace, pod } from '../manifests.ts';
import { create, guard, guarded } from '../namespaces.ts';
import { passed, refusalOf } from '../outcome.ts';
import { until } from '../until.ts';

const RULE = 'namespace-delete-unconfirmed';

export function deletion(cluster: ControlPlane): void {
  describe('deleting a Namespace', () => {
    it('is refused in mode enforce, until the two commands of the message are run as they stand', async () => {
      await guarded(cluster, 'precious', 'enforce');
      const refusal = refusalOf(await cluster.kubectl(['delete', 'namespace', 'precious']));
      assert.equal(refusal.webhook, 'namespaces.premortem.dev');
      assert.equal(refusal.object, 'Namespace precious');
      assert.deepEqual(refusal.rules, [RULE]);
      assert.equal(await isTerminating(cluster, 'precious'), false);

      const commands = [...refusal.text.matchAll(/^(?: {2}fix)? +(kubectl .*)$/gm)].map(([, line]) => line);
      assert.equal(commands.length, 2, refusal.text);
      // kubectl waits until it is gone, which takes a controller.
      const patience = cluster.hasControllers ? '' : ' --wait=false';
      passed(await cluster.shell(`${commands.join('\n')}${patience}`));
      if (cluster.hasControllers) assert.equal(await exists(cluster, 'precious'), false);
      else assert.equal(await isTerminating(cluster, 'precious'), true);
    });

    it('is refused when it is the side effect of kubectl delete -f on a folder', async () => {
      await guarded(cluster, 'in-folder', 'enforce');
      passed(await cluster.apply(configMap('in-folder', 'mine')));
      passed(await cluster.apply(configMap('in-folder', 'of-somebody-else')));
      const folder = folderOf(cluster, [namespace('in-folder'), configMap('in-folder', 'mine')]);

      const ran = await cluster.kubectl(['delete', '-f', folder]);
      assert.deepEqual(refusalOf(ran).rules, [RULE]);
      const left = (await cluster.list('configmaps', 'in-folder')).map(({ metadata }) => metadata?.name);
      assert.ok(left.includes('of-somebody-else') && !left.includes('mine'));
      assert.equal(await isTerminating(cluster, 'in-folder'), false);
    });

    it('is refused in a dry run that the server makes', async () => {
      await create(cluster, 'rehearsed', 'enforce');
      refusalOf(await cluster.kubectl(['delete', 'namespace', 'rehearsed', '--dry-run=server']));
    });

    it('is not stopped where the namespace has no label', async () => {
      await create(cluster, 'throw-away');
      passed(await cluster.kubectl(['delete', 'namespace', 'throw-away', '--wait=false']));
      assert.equal(await isTerminating(cluster, 'throw-away'), true);
    });

    it('is not stopped once the label has been taken off', async () => {
      await guarded(cluster, 'opted-out', 'enforce');
      passed(await cluster.kubectl(['label', 'namespace', 'opted-out', 'premortem.dev/mode-']));
      passed(await cluster.kubectl(['delete', 'namespace', 'opted-out', '--wait=false']));
    });

    it('once confirmed, is not held up by the bad objects in it, finalizers and all', async function () {
      if (!cluster.hasControllers) this.skip();
      await create(cluster, 'drained');
      const names = ['one', 'two', 'three'];
      for (const name of names) passed(await cluster.create(badPod('drained', name)));
      await guard(cluster, 'drained', 'enforce');
      const confirm = 'premortem.dev/confirm-delete=drained';
      passed(await cluster.kubectl(['annotate', 'namespace', 'drained', confirm]));
      passed(await cluster.kubectl(['delete', 'namespace', 'drained', '--wait=false']));

      await until('the Pods are about to go', 20, async () => {
        const pods = await cluster.list('pods', 'drained');
        return pods.every(({ metadata }) => metadata?.deletionTimestamp !== undefined);
      });
      for (const name of names) await releasePod(cluster, 'drained', name);
      await until('the namespace is gone', 30, async () => !(await exists(cluster, 'drained')));
    });
  });

  describe('a bad Pod that waits for its finalizer', () => {
    it('goes when the finalizer is taken off', async () => {
      await create(cluster, 'finalized');
      passed(await cluster.create(badPod('finalized', 'stuck')));
      await guard(cluster, 'finalized', 'enforce');
      passed(await cluster.kubectl(['delete', 'pod', 'stuck', '-n', 'finalized', '--wait=false']));
      assert.equal((await cluster.list('pods', 'finalized')).length, 1);
      await releasePod(cluster, 'finalized', 'stuck');
      assert.deepEqual(await cluster.list('pods', 'finalized'), []);
    });
  });
}

function badPod(namespace: string, name: string) {
  const bad = pod(namespace, name, { name: 'main', memory: false, script: true });
  return { ...bad, metadata: { ...bad.metadata, finalizers: ['example.com/hold'] } };
}

async function releasePod(cluster: ControlPlane, namespace: string, name: string): Promise<void> {
  const patch = JSON.stringify({ metadata: { finalizers: null } });
  passed(await cluster.kubectl(['patch', 'pod', name, '-n', namespace, '--type=merge', '-p', patch]));
}

function folderOf(cluster: ControlPlane, objects: object[]): string {
  const folder = 'deploy';
  mkdirSync(join(cluster.folder, folder));
  for (const [index, object] of objects.entries())
    writeFileSync(join(cluster.folder, folder, `${index}.json`), JSON.stringify(object));
  return folder;
}

async function exists(cluster: ControlPlane, name: string): Promise<boolean> {
  return passed(await cluster.kubectl(['get', 'namespace', name, '--ignore-not-found', '-o', 'name'])) !== '';
}

async function isTerminating(cluster: ControlPlane, name: string): Promise<boolean> {
  const phase = ['get', 'namespace', name, '-o', 'jsonpath={.metadata.deletionTimestamp}'];
  return passed(await cluster.kubectl(phase)) !== '';
}
