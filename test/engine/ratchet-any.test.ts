import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decide } from '../../src/engine/decide.ts';
import { review } from '../../src/engine/review.ts';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import { type KubeObject, valueAt } from '../../src/kubernetes/object.ts';
import { podTemplate } from '../../src/kubernetes/pod.ts';
import { known } from '../../src/model/subject.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { caseSettings, createdObjects } from '../cases.ts';
import { runs } from '../runs.ts';
import { INHERITED, TEXTS } from '../webhook/mutation.ts';

const objects = createdObjects();

function verdictOn(from: KubeObject | undefined, to: KubeObject): Verdict {
  const state = { kind: kindOf(to), object: to, asWritten: known(to) };
  const subject = from
    ? { operation: 'UPDATE' as const, ...state, previous: { object: from, asWritten: known(from) } }
    : { operation: 'CREATE' as const, ...state };
  return decide(review(subject, caseSettings), 'enforce');
}

const bad = objects.filter(object => !verdictOn(undefined, object).allowed);
const workloads = bad.filter(object => podTemplate(object, kindOf(object)));

const words = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom(...INHERITED, ...TEXTS));
const texts = fc.dictionary(words, words, { maxKeys: 4, noNullPrototype: true });
/** Whatever of its metadata somebody changes; its name and its place stay. */
const metadata = fc.record(
  {
    labels: texts,
    annotations: texts,
    finalizers: fc.array(words, { maxLength: 3 }),
    ownerReferences: fc.array(fc.record({ kind: words, name: words, controller: fc.constant(false) }), {
      maxLength: 2,
    }),
    managedFields: fc.array(fc.record({ manager: words, fieldsV1: fc.dictionary(words, fc.jsonValue()) }), {
      maxLength: 2,
    }),
    deletionTimestamp: fc.constant('2026-11-21T00:00:00Z'),
    resourceVersion: words,
    generation: fc.nat(),
  },
  { requiredKeys: [] },
);
const status = fc.option(fc.dictionary(words, fc.jsonValue(), { maxKeys: 3, noNullPrototype: true }));

describe('on any bad object, the ratchet', () => {
  it('has enough of them to go by', () => assert.ok(bad.length >= 10 && workloads.length >= 8));

  it('lets it stay as it is', () => {
    for (const object of objects) assert.equal(verdictOn(object, structuredClone(object)).allowed, true);
  });

  it('lets all that is not its spec be changed, while it is being deleted too', () => {
    const property = fc.property(fc.constantFrom(...bad), metadata, status, (from, changed, status) => {
      const to = { ...from, metadata: { ...from.metadata, ...changed }, ...(status && { status }) };
      const { allowed, refusals } = verdictOn(from, to);
      assert.ok(allowed, refusals.map(({ identity }) => identity).join());
    });
    fc.assert(property, { numRuns: runs(0.2) });
  });

  it('refuses another fault, whatever else is changed, and nothing but that', () => {
    const property = fc.property(fc.constantFrom(...workloads), metadata, (object, changed) => {
      if (object.kind === 'Pod') return;
      const from = { ...object, metadata: { ...object.metadata, finalizers: ['a/b'] } };
      const { allowed, refusals } = verdictOn(from, {
        ...withContainer(from, { name: 'another', image: 'another:1' }),
        metadata: { ...from.metadata, ...changed },
      });
      assert.equal(allowed, false);
      assert.deepEqual(
        refusals.map(({ rule, at }) => `${rule.id} ${at.replace(/.*containers/, '')}`),
        ['memory-request-missing [another].resources.requests.memory'],
      );
    });
    fc.assert(property, { numRuns: runs(0.05) });
  });

  it('takes a cure, and no relapse', () => {
    for (const from of workloads) {
      // To leave out how many there are is a fault of its own.
      const replicas = valueAt(from, ['spec', 'replicas']);
      const { apiVersion = '', kind = '', metadata = {} } = from;
      const cured = { apiVersion, kind, metadata, ...(replicas !== undefined && { spec: { replicas } }) };
      assert.equal(verdictOn(from, cured).allowed, true);
      assert.equal(verdictOn(cured, from).allowed, false);
    }
  });
});

function withContainer(object: KubeObject, container: object): KubeObject {
  const copy = structuredClone(object);
  // biome-ignore lint/suspicious/noExplicitAny: as deep as a manifest is
  let at: any = copy;
  for (const step of kindOf(object)?.podTemplate ?? []) at = at[step];
  at.spec.containers.push(container);
  return copy;
}
