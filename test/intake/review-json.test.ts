import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseReview } from '../../src/intake/review-json.ts';
import { managedFieldsOf } from '../../src/kubernetes/managed-fields.ts';
import { isMapping, valueAt } from '../../src/kubernetes/object.ts';

describe('an AdmissionReview as JSON', () => {
  const managedFields = [
    { manager: 'kubectl "apply"', fieldsV1: { 'f:l': { 'k:{"name":"a]}"}': { '.': {} }, 'v:["x"]': {} } } },
    { manager: '\\' },
  ];
  const metadata = { managedFields, name: 'web' };

  it('keeps the records of both states as text', () => {
    const review = { request: { object: { metadata }, oldObject: { metadata } } };
    const parsed = parseReview(JSON.stringify(review));
    for (const state of ['object', 'oldObject']) {
      const object = valueAt(parsed, ['request', state]);
      assert.equal(valueAt(object, ['metadata', 'managedFields']), JSON.stringify(managedFields));
      assert.deepEqual(managedFieldsOf(object), managedFields);
    }
    assert.deepEqual(withRecords(parsed, review), review);
  });

  it('is parsed as it is where something else is called so', () => {
    for (const object of [
      { metadata, spec: { template: { metadata } } },
      { metadata: { managedFields: 0 }, spec: { managedFields } },
      { metadata: { managedFields: null }, spec: { managedFields } },
      { metadata: [0], managedFields },
    ]) {
      const review = { request: { object, oldObject: object } };
      assert.deepEqual(parseReview(JSON.stringify(review)), review);
    }
  });

  it('may quote what looks like a record', () => {
    const text = JSON.stringify({ metadata });
    const review = {
      request: { object: { metadata: { ...metadata, annotations: { text } }, text: `,${text}` } },
    };
    assert.deepEqual(withRecords(parseReview(JSON.stringify(review)), review), review);
  });

  it('is what JSON.parse would make of it, whatever it holds', () => {
    const key = fc.oneof(fc.constantFrom('metadata', 'managedFields', 'spec', '__proto__'), fc.string());
    const { tree: object } = fc.letrec(tie => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const state = fc.record({ metadata: fc.record({ managedFields: object, name: object }), spec: object });
    fc.assert(
      fc.property(state, state, (object, oldObject) => {
        const json = JSON.stringify({ request: { object, oldObject } });
        assert.deepEqual(withRecords(parseReview(json), JSON.parse(json)), JSON.parse(json));
      }),
    );
  });

  it('is no JSON where it breaks off, in a record or elsewhere', () => {
    const json = JSON.stringify({ request: { object: { metadata } } });
    for (let end = 0; end < json.length; end++)
      assert.throws(() => parseReview(json.slice(0, end)), SyntaxError);
  });

  it('takes time in proportion to its length', () => {
    const begun = process.cpuUsage();
    for (const [open, length] of [
      ['{"managedFields":[', 200_000],
      ['{"managedFields":[],"a":', 200_000],
    ] as const)
      assert.throws(() => parseReview(open.repeat(length)), SyntaxError);
    assert.ok(process.cpuUsage(begun).user < 2_000_000);
  });

  /** The same with the records as they were: lists, in the places where `original` has lists. */
  function withRecords(review: unknown, original: unknown): unknown {
    for (const state of ['object', 'oldObject']) {
      const at = ['request', state, 'metadata'];
      const metadata = valueAt(review, at);
      if (isMapping(metadata) && Array.isArray(valueAt(original, [...at, 'managedFields'])))
        metadata.managedFields = managedFieldsOf(valueAt(review, ['request', state]));
    }
    return review;
  }
});
