import assert from 'node:assert/strict';
import type { ControlPlane } from '../control-plane.ts';
import { deployment, limitRange, pod } from '../manifests.ts';
import { create, guarded } from '../namespaces.ts';
import { isRefused, passed, type Refusal, refusalOf, warningsOf } from '../outcome.ts';
import { until } from '../until.ts';

const NAMESPACE = 'ways-out';
const REASON = 'sized by a VerticalPodAutoscaler';

export function waysOut(cluster: ControlPlane): void {
  const bad = deployment(NAMESPACE, 'web', { name: 'web', memory: false });

  describe('what is refused', () => {
    before(() => guarded(cluster, NAMESPACE, 'enforce'));

    it('passes with the waiver that the message shows, and the audit log names it', async () => {
      const key = waiverIn(refusalOf(await cluster.apply(bad)));
      assert.equal(key, 'waive.premortem.dev/memory-request-missing');
      const waived = { ...bad, metadata: { ...bad.metadata, annotations: { [key]: REASON } } };
      assert.deepEqual(warningsOf(await cluster.apply(waived)), []);
      const { 'enforce.premortem.dev/waived': waivers } = cluster.audited('deployments', NAMESPACE);
      assert.equal(waivers, 'deny/memory-request-missing');
    });

    it('is called by what a generated name is generated from, at every try alike', async () => {
      const metadata = { namespace: NAMESPACE, generateName: 'report-' };
      const generated = { ...pod(NAMESPACE, '', { name: 'main', script: true }), metadata };
      const first = refusalOf(await cluster.create(generated));
      const second = refusalOf(await cluster.create(generated));
      assert.equal(first.object, 'Pod ways-out/report-*');
      assert.equal(first.text, second.text);
    });

    it('passes once a LimitRange gives what it lacks, and is refused again without', async () => {
      await guarded(cluster, 'limited', 'enforce');
      const needy = deployment('limited', 'web', { name: 'web', memory: false });
      refusalOf(await cluster.apply(needy));
      passed(await cluster.apply(limitRange('limited', '64Mi')));
      await until(
        'the LimitRange is seen',
        20,
        async () => !isRefused(await cluster.apply(needy, '--dry-run=server')),
      );
      passed(await cluster.kubectl(['delete', 'limitrange', 'defaults', '-n', 'limited']));
      await until('its end is seen', 20, async () =>
        isRefused(await cluster.apply(needy, '--dry-run=server')),
      );
    });

    it('passes once the label is off', async () => {
      await guarded(cluster, 'label-off', 'enforce');
      passed(await cluster.kubectl(['label', 'namespace', 'label-off', 'premortem.dev/mode-']));
      const elsewhere = deployment('label-off', 'web', { name: 'web', memory: false });
      await until('the label is off', 20, async () => !isRefused(await cluster.apply(elsewhere)));
    });
  });

  describe('an object of the whole cluster', () => {
    it('is never refused, since no namespace has asked for that', async () => {
      const kind = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass' };
      const important = { ...kind, metadata: { name: 'important' }, value: 1000, GlobalDefault: true };
      const warnings = warningsOf(await cluster.apply(important, '--validate=ignore'));
      assert.match(warnings.join('\n'), /^PriorityClass important: GlobalDefault .* \[field-misplaced\]$/);
    });
  });

  describe('a warning', () => {
    it('never brings a control character to the terminal, nor is lost for one', async () => {
      await create(cluster, 'escapes', 'warn');
      const [clearScreen, bell] = ['\u001b[2J', '\u0007'];
      const odd = { ...pod('escapes', 'main', { name: 'main' }), [`odd${clearScreen}${bell}\n`]: 1 };
      const { code, stderr } = await cluster.apply(odd, '--validate=ignore');
      assert.equal(code, 0);
      assert.match(stderr, /^Warning: Pod escapes\/main: odd.*\[field-unknown\]$/m);
      assert.ok(!stderr.includes(clearScreen) && !stderr.includes(bell));
    });
  });
}

function waiverIn({ text }: Refusal): string {
  return /annotate (waive\.premortem\.dev\/[a-z-]+): "<reason>"/.exec(text)?.[1] ?? '';
}
