import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { ControlPlane } from '../control-plane.ts';
import { configMap, deployment } from '../manifests.ts';
import { create, guarded } from '../namespaces.ts';
import { passed, refusalOf } from '../outcome.ts';
import type { Premortem } from '../premortem.ts';
import { until } from '../until.ts';
import { FAILED_OPEN, samples } from './traffic.ts';

const NAMESPACE = 'left-alone';
const FAIL_CLOSED = join(import.meta.dirname, '../../../manifests/overlays/fail-closed/webhook.yaml');
const CONFIGURATION = 'validatingwebhookconfiguration/premortem';

/** Told last: it takes premortem away, and in the end its configuration too. */
export function absence(cluster: ControlPlane, premortem: Premortem): void {
  const bad = (name: string) => deployment(NAMESPACE, name, { name: 'web', memory: false });
  const apply = (name: string) => cluster.apply(bad(name));

  describe('while premortem is away', () => {
    before(async () => {
      await create(cluster, NAMESPACE);
      passed(await apply('old'));
      await guarded(cluster, NAMESPACE, 'enforce');
      await premortem.stop();
    });

    it('everything passes, and the API server counts it', async () => {
      passed(await apply('new'));
      passed(await cluster.kubectl(['delete', 'namespace', NAMESPACE, '--dry-run=server']));
      const webhooks = (await samples(cluster, FAILED_OPEN)).map(line => /name="([^"]+)"/.exec(line)?.[1]);
      assert.deepEqual(webhooks.sort(), ['enforce.premortem.dev', 'namespaces.premortem.dev']);
    });

    it('and no longer, once it is back', async () => {
      await premortem.serve();
      refusalOf(await apply('another'));
    });
  });

  describe('while premortem is away, and the overlay fail-closed is in force', () => {
    before(async () => {
      passed(await cluster.kubectl(['patch', CONFIGURATION, '--patch-file', FAIL_CLOSED]));
      await premortem.stop();
    });

    it('what it would judge is held up, in words that name it', async () => {
      const heldUp = async () => (await cluster.create(bad('late'), '--dry-run=server')).code !== 0;
      await until('the overlay is in force', 20, heldUp);
      const creation = await apply('late');
      assert.match(creation.stderr, /failed calling webhook "enforce\.premortem\.dev"/);
      const deletion = await cluster.kubectl(['delete', 'namespace', NAMESPACE]);
      assert.match(deletion.stderr, /failed calling webhook "namespaces\.premortem\.dev"/);
    });

    it('kube-system goes on, and so does every namespace without the label', async () => {
      passed(await cluster.apply(configMap('kube-system', 'settings')));
      await create(cluster, 'never-guarded');
      passed(await cluster.apply(deployment('never-guarded', 'web', { name: 'web', memory: false })));
    });

    it('what runs can be scaled, and gets its Pods', async function () {
      if (!cluster.hasControllers) this.skip();
      passed(await cluster.kubectl(['scale', 'deployment/old', '--replicas=3', '-n', NAMESPACE]));
      await until('there are three Pods', 20, async () => {
        const pods = await cluster.list('pods', NAMESPACE);
        return pods.filter(({ metadata }) => metadata?.labels?.app === 'old').length === 3;
      });
    });

    it('one command ends it', async () => {
      passed(await cluster.kubectl(['delete', CONFIGURATION]));
      await until('everything passes', 20, async () => (await apply('late')).code === 0);
    });
  });
}
