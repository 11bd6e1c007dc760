import assert from 'node:assert/strict';
import { MODE_LABEL } from '../../../src/model/verdict.ts';
import type { ControlPlane } from '../control-plane.ts';
import { deployment, namespace } from '../manifests.ts';
import { create } from '../namespaces.ts';
import { isRefused, passed, refusalOf } from '../outcome.ts';
import { until } from '../until.ts';

const TRIES = 5;
const LONGEST_LAG_SECONDS = 2;

export function optingIn(cluster: ControlPlane): void {
  const bad = (namespace: string) => deployment(namespace, 'web', { name: 'web', memory: false });

  describe('a namespace that asks for it', () => {
    // The API server looks up a namespace that it has not heard of yet (k8s.io/apiserver,
    // pkg/admission/plugin/webhook/predicates/namespace/matcher.go).
    it('when it is made, is guarded from its first object on', async () => {
      for (let number = 1; number <= TRIES; number++) {
        const name = `born-guarded-${number}`;
        const items = [namespace(name, 'enforce'), bad(name)];
        const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
        const ran = await cluster.kubectl(['apply', '-f', '-'], { stdin });
        assert.match(ran.stdout, new RegExp(`namespace/${name} created`));
        refusalOf(ran);
      }
    });

    it(`later, is guarded at most ${LONGEST_LAG_SECONDS} s after`, async () => {
      for (let number = 1; number <= TRIES; number++) {
        const name = `late-guarded-${number}`;
        await create(cluster, name);
        passed(await cluster.kubectl(['label', 'namespace', name, `${MODE_LABEL}=enforce`]));
        await until(`${name} is guarded`, LONGEST_LAG_SECONDS, async () =>
          isRefused(await cluster.create(bad(name), '--dry-run=server')),
        );
      }
    });
  });
}
