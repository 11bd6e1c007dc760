import assert from 'node:assert/strict';
import { review } from '../../src/engine/review.ts';
import { readAdmissionReview } from '../../src/intake/admission-review.ts';
import { readObjects, subjectOf } from '../../src/intake/files.ts';
import { type Kind, podKinds } from '../../src/kubernetes/kinds.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { known } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import { outcomeOf } from '../../src/webhook/outcome.ts';
import { bundle } from '../../src/world/bundle.ts';
import { allCases, TODAY } from '../cases.ts';

const Rollout: Kind = {
  group: 'argoproj.io',
  name: 'Rollout',
  resource: 'rollouts',
  versions: ['v1alpha1'],
  scope: 'Namespaced',
  podTemplate: ['spec', 'template'],
};
const podRules = rules.filter(({ kinds }) => kinds === podKinds);

/** What is found in the Deployments of a rule's bad cases: `rule at`. */
function found(rule: string, asRollout: boolean, podTemplates: readonly Kind[]): string[] {
  const cases = allCases().filter(one => one.rule === rule && one.side === 'bad');
  const settings = { rules: [...rules], today: TODAY };
  const configuration = { ...defaultConfiguration, podTemplates };
  return cases
    .flatMap(({ file, text, oldObject, asker, cluster }) =>
      readObjects({ file, text }).objects.map(one => ({
        ...one,
        oldObject,
        asker,
        world: bundle(cluster, undefined),
      })),
    )
    .filter(({ object }) => object.kind === 'Deployment')
    .flatMap(({ object, origin, oldObject, asker, world }) => {
      const head = asRollout ? { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' } : {};
      const before = oldObject && { ...oldObject, ...head };
      const subject = subjectOf({ object: { ...object, ...head }, origin }, before);
      return review({ ...subject, ...(asker && { asker }) }, { ...settings, configuration, world }).findings;
    })
    .filter(finding => podRules.includes(finding.rule))
    .map(finding => `${finding.rule.id} ${finding.at}`);
}

describe('a custom kind with a pod template', () => {
  for (const { id } of podRules) {
    it(`is judged by ${id} as a Deployment is`, () => {
      const expected = found(id, false, []);
      assert.ok(expected.length > 0);
      assert.deepEqual(found(id, true, [Rollout]), expected);
      assert.deepEqual(found(id, true, []), []);
    });
  }

  it('is judged by no rule of fields, which are not known', () => {
    const text = 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nspce: {}\nspec: {Template: 1}\n';
    const [object] = readObjects({ file: 'x.yaml', text }).objects;
    assert.ok(object);
    const configuration = { ...defaultConfiguration, podTemplates: [Rollout] };
    const settings = { rules: [...rules], today: TODAY, world: bundle([], undefined), configuration };
    const { findings, undecided } = review(subjectOf(object, undefined), settings);
    assert.deepEqual([findings, undecided], [[], []]);
  });

  it('is judged in the webhook too', () => {
    const object = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers: [{ name: 'web', image: 'web:1' }] } } },
    };
    const request = {
      uid: 'a',
      operation: 'CREATE',
      kind: { group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout' },
      namespace: 'shop',
      object,
    };
    const intake = readAdmissionReview({
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      request,
    });
    assert.ok(intake.ok && !('release' in intake));
    const configuration = { ...defaultConfiguration, podTemplates: [Rollout] };
    const settings = { rules, today: TODAY, world: bundle([], undefined), configuration };
    const outcome = outcomeOf('enforce', intake, settings);
    assert.ok(outcome.result === 'judged');
    assert.equal(outcome.verdict.allowed, false);
  });

  it('is judged by what makes sense in its template, whatever its API server lets pass', () => {
    const containers = [
      { name: { toString: 1 }, image: 'a:1', command: [5], livenessProbe: 7, resources: { requests: [] } },
      { name: 'web', image: 'web:1', args: ['bash', '-c', null] },
    ];
    const object = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers } } },
    };
    const configuration = { ...defaultConfiguration, podTemplates: [Rollout] };
    const settings = { rules, today: TODAY, world: bundle([], undefined), configuration };
    const subject = { operation: 'UPDATE' as const, kind: undefined, object, asWritten: known(object) };
    const previous = { object, asWritten: subject.asWritten };
    for (const one of [subject, { ...subject, previous }]) {
      const { findings, undecided } = review(one, settings);
      assert.deepEqual(undecided, []);
      assert.ok(findings.some(({ at }) => at.includes('[web].resources.requests')));
    }
  });
});
