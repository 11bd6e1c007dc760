import assert from 'node:assert/strict';
import type { ControlPlane } from '../control-plane.ts';
import { create } from '../namespaces.ts';
import { passed } from '../outcome.ts';
import { Release } from '../release.ts';
import { kindsLeft, lives } from '../shop.ts';
import { until } from '../until.ts';

/** The upgrade that took a Namespace away: nothing tells the person who runs it. */
export function releaseBefore(cluster: ControlPlane): void {
  const versions = cluster.helmVersions;
  if (versions.length === 0) return;
  describe('a chart that has lost its Namespace, without premortem', () => {
    for (const version of versions)
      it(`is a successful upgrade for Helm ${version}, which deletes the Namespace`, async () => {
        const [namespace, releases] = [`unguarded-${version}`, `unguarded-releases-${version}`];
        await create(cluster, releases);
        const release = new Release(cluster, version, { name: 'shop', namespace: releases });
        passed(await release.install('shop-1', { namespace }));
        passed(await release.upgrade('shop-2', { namespace }));
        assert.deepEqual(await release.deployed(), { revision: 2, chart: 'shop-2.0.0' });
        assert.equal(await lives(cluster, namespace), false);
      });

    it('and with the Namespace goes everything in it', async function () {
      if (!cluster.hasControllers) this.skip();
      for (const version of versions)
        await until('everything in it is gone', 40, async () => {
          return (await kindsLeft(cluster, `unguarded-${version}`)).length === 0;
        });
    });
  });
}
