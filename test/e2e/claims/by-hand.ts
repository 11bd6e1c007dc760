import assert from 'node:assert/strict';
import type { ControlPlane } from '../control-plane.ts';
import { deployment } from '../manifests.ts';
import { guarded } from '../namespaces.ts';
import { passed, warningsOf } from '../outcome.ts';

const NAMESPACE = 'by-hand';
const WEB = 'deployment/web';
const RULE = 'managed-object-edited-by-hand';

/** What premortem can know of who asks, and with what, is what real requests tell. */
export function byHand(cluster: ControlPlane): void {
  const kubectl = (...args: string[]) => cluster.kubectl([...args, '-n', NAMESPACE]);
  const web = deployment(NAMESPACE, 'web', { name: 'web', image: 'registry.example.com/shop:1' });
  web.metadata = {
    ...web.metadata,
    annotations: { 'argocd.argoproj.io/tracking-id': `shop:apps/Deployment:${NAMESPACE}/web` },
  };

  describe('an object that Argo CD owns', () => {
    before(async () => {
      await guarded(cluster, NAMESPACE, 'enforce');
      passed(await cluster.apply(web, '--field-manager=argocd-controller'));
    });

    const changes: [command: string, ...args: string[]][] = [
      ['kubectl set', 'set', 'image', WEB, 'web=registry.example.com/shop:2'],
      ['kubectl patch', 'patch', WEB, '--type=json', '-p', patchOf('registry.example.com/shop:4')],
      ['kubectl apply', 'apply', '-f', '-'],
    ];
    for (const [command, ...args] of changes)
      it(`is not to be changed by ${command}`, async () => {
        const stdin = JSON.stringify(web).replace('shop:1', 'shop:3');
        const ran = await cluster.kubectl([...args, '-n', NAMESPACE], { stdin });
        const ours = warningsOf(ran).filter(line => line.includes(RULE));
        assert.equal(ours.length, 1, ran.stderr);
        assert.match(ours[0] ?? '', new RegExp(`the next sync of Argo CD application shop .*: ${command} `));
      });

    const others: [claim: string, ...args: string[]][] = [
      ['can be given what Argo CD does not speak of', 'patch', WEB, '-p', '{"spec":{"minReadySeconds":7}}'],
      ['can be scaled', 'scale', WEB, '--replicas=3'],
      ['can be restarted', 'rollout', 'restart', WEB],
      ['can be labelled', 'label', WEB, 'team=shop'],
      ['can be annotated', 'annotate', WEB, 'example.com/owner=shop'],
    ];
    for (const [claim, ...args] of others)
      it(`${claim} without a word of that`, async () => {
        assert.deepEqual(
          warningsOf(await kubectl(...args)).filter(line => line.includes(RULE)),
          [],
        );
      });

    it('is its own to change', async () => {
      const changed = JSON.parse(JSON.stringify(web).replace('shop:1', 'shop:5'));
      const user = 'system:serviceaccount:argocd:argocd-application-controller';
      const as = [`--as=${user}`, '--as-group=system:masters'];
      const ran = await cluster.apply(changed, ...as);
      assert.deepEqual(
        warningsOf(ran).filter(line => line.includes(RULE)),
        [],
      );
    });
  });
}

function patchOf(image: string): string {
  return JSON.stringify([{ op: 'replace', path: '/spec/template/spec/containers/0/image', value: image }]);
}
