import assert from 'node:assert/strict';
import type { HelmVersion } from '../binaries.ts';
import type { Ran } from '../command.ts';
import type { ControlPlane } from '../control-plane.ts';
import { create, guard, guarded } from '../namespaces.ts';
import { passed, type Refusal, refusalOf, warningsOf } from '../outcome.ts';
import { Release } from '../release.ts';
import { kindsLeft, lives, settledState, stateOf } from '../shop.ts';

const WEBHOOK = 'releases.premortem.dev';
const KEEP = 'helm.sh/resource-policy=keep';
const CONFIRM = 'premortem.dev/confirm-delete=';

/** The chart `shop-2` has lost the Namespace that `shop-1` held. */
export function namespaceDropped(cluster: ControlPlane, version: HelmVersion): void {
  /** Without a label: the mode is that of the Namespace that would go. */
  const releases = `releases-${version}`;
  const guardedReleases = `guarded-releases-${version}`;
  const enforced = (namespace: string) => ({ namespace, mode: 'enforce' });

  before(async () => {
    await create(cluster, releases);
    await guarded(cluster, guardedReleases, 'enforce');
  });

  describe('an upgrade to a chart that has lost its Namespace', () => {
    const namespace = `shop-${version}`;
    const release = new Release(cluster, version, { name: 'kept', namespace: releases });
    const everything = ['Namespace', 'Deployment', 'ConfigMap', 'PersistentVolumeClaim'];
    let refusal: Refusal;

    it('is refused, and nothing has changed', async () => {
      passed(await release.install('shop-1', enforced(namespace)));
      const before = await settledState(cluster, namespace);
      refusal = refusalOfDrop(await release.upgrade('shop-2', { namespace }), namespace);
      assert.deepEqual(await stateOf(cluster, namespace), before);
      assert.deepEqual(await release.revisions(), ['1 deployed']);
      assert.deepEqual(await release.deployed(), { revision: 1, chart: 'shop-1.0.0' });
    });

    it('is refused in the same words at every try, and there is nothing to roll back', async () => {
      const rollBack = version === 3 ? '--atomic' : '--rollback-on-failure';
      const again = refusalOfDrop(await release.upgrade('shop-2', { namespace }, rollBack), namespace);
      assert.equal(again.text, refusal.text);
      assert.deepEqual(await release.revisions(), ['1 deployed']);
    });

    it('passes once the printed command keeps the Namespace, which lives on', async () => {
      passed(await cluster.shell(commandIn(refusal, KEEP)));
      passed(await release.upgradeOnceAllowed('shop-2', { namespace }));
      assert.deepEqual(await release.deployed(), { revision: 2, chart: 'shop-2.0.0' });
      assert.deepEqual(await kindsLeft(cluster, namespace), everything);
    });

    it('is refused as well where it drops a volume claim, until the printed command keeps that', async () => {
      const before = await settledState(cluster, namespace);
      const refusal = refusalOf(await release.upgrade('shop-3', { namespace }));
      assert.equal(refusal.webhook, WEBHOOK);
      assert.deepEqual(refusal.rules, ['release-drops-data']);
      assert.ok(refusal.text.includes(`PersistentVolumeClaim ${namespace}/orders`), refusal.text);
      assert.deepEqual(await stateOf(cluster, namespace), before);
      passed(await cluster.shell(commandIn(refusal, KEEP)));
      passed(await release.upgradeOnceAllowed('shop-3', { namespace }));
      assert.deepEqual(await kindsLeft(cluster, namespace), everything);
    });

    it('passes once the printed command confirms it, and the Namespace goes', async () => {
      const namespace = `confirmed-${version}`;
      const release = new Release(cluster, version, { name: 'confirmed', namespace: releases });
      passed(await release.install('shop-1', enforced(namespace)));
      const refusal = refusalOfDrop(await release.upgrade('shop-2', { namespace }), namespace);
      passed(await cluster.shell(commandIn(refusal, `${CONFIRM}${namespace}`)));
      passed(await release.upgradeOnceAllowed('shop-2', { namespace }));
      assert.equal(await lives(cluster, namespace), false);
    });

    it('is refused where only the namespace of the release enforces', async () => {
      const namespace = `unlabelled-${version}`;
      const release = new Release(cluster, version, { name: 'shop', namespace: guardedReleases });
      passed(await release.install('shop-1', { namespace }));
      refusalOfDrop(await release.upgrade('shop-2', { namespace }), namespace);
      assert.equal(await lives(cluster, namespace), true);
    });

    it('passes with a warning in mode warn, and the Namespace goes', async () => {
      const namespace = `warned-${version}`;
      const release = new Release(cluster, version, { name: 'warned', namespace: releases });
      passed(await release.install('shop-1', { namespace, mode: 'warn' }));
      const warnings = warningsOf(await release.upgrade('shop-2', { namespace }));
      const told = warnings.filter(line => line.endsWith('[release-drops-namespace]'));
      assert.equal(told.length, 1, warnings.join('\n'));
      assert.match(String(told[0]), new RegExp(`would be refused: .*Namespace ${namespace}\\b`));
      assert.equal(await lives(cluster, namespace), false);
    });

    it('is refused when Helm keeps its releases in ConfigMaps', async () => {
      const namespace = `in-configmap-${version}`;
      const place = { name: 'in-configmap', namespace: releases, driver: 'configmap' } as const;
      const release = new Release(cluster, version, place);
      passed(await release.install('shop-1', enforced(namespace)));
      refusalOfDrop(await release.upgrade('shop-2', { namespace }), namespace);
      assert.deepEqual(await release.revisions(), ['1 deployed']);
      assert.equal(await lives(cluster, namespace), true);
    });
  });

  describe('a chart that makes its Namespace only where there is none', () => {
    it('is refused at its second run, which would delete it', async () => {
      const namespace = `looked-up-${version}`;
      const release = new Release(cluster, version, { name: 'looked-up', namespace: releases });
      passed(await release.install('lookup', { namespace }));
      refusalOfDrop(await release.upgrade('lookup', { namespace }), namespace);
      assert.deepEqual(await release.revisions(), ['1 deployed']);
      assert.equal(await lives(cluster, namespace), true);
    });
  });

  describe('a release that has taken a Namespace over', () => {
    const namespace = `taken-over-${version}`;
    const release = new Release(cluster, version, { name: 'taken-over', namespace: releases });

    it('is not rolled back to before that, and nothing has changed', async () => {
      await create(cluster, namespace);
      passed(await release.install('shop-2', { namespace }));
      passed(await release.upgrade('shop-1', enforced(namespace), '--take-ownership'));
      await guard(cluster, namespace, 'enforce');
      const before = await settledState(cluster, namespace);
      refusalOfDrop(await release.rollback(1), namespace);
      assert.deepEqual(await stateOf(cluster, namespace), before);
      assert.deepEqual(await release.revisions(), ['1 superseded', '2 deployed']);
    });

    // Helm deletes the Namespace last, goes on after an error, and keeps the reason to itself; its record is changed
    // by an UPDATE, of which premortem is not asked (helm pkg/action/uninstall.go).
    it('is uninstalled as far as the Namespace, which stays, and a warning says why', async () => {
      const { code, stderr } = await release.uninstall();
      assert.notEqual(code, 0);
      assert.match(stderr, /Warning: Namespace \S+: refused: .*\[namespace-delete-unconfirmed\]/);
      assert.deepEqual(await release.revisions(), ['1 superseded', '2 uninstalling']);
      assert.deepEqual(await kindsLeft(cluster, namespace), ['Namespace']);
    });
  });
}

function refusalOfDrop(ran: Ran, namespace: string): Refusal {
  const refusal = refusalOf(ran);
  assert.equal(refusal.webhook, WEBHOOK);
  assert.deepEqual(refusal.rules, ['release-drops-namespace']);
  assert.match(refusal.text, new RegExp(`\\bNamespace ${namespace}\\b`));
  return refusal;
}

/** The command of the message that sets this annotation, as it stands. */
function commandIn({ text }: Refusal, annotation: string): string {
  const commands = [...text.matchAll(/\bkubectl annotate .*/g)].map(([command]) => command);
  const found = commands.find(command => command.split(/ +# /)[0]?.endsWith(annotation));
  assert.ok(found, text);
  return found;
}
