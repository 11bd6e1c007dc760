import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fieldManagers, managedFieldsOf, writersOf } from '../../src/kubernetes/managed-fields.ts';

describe('the record of who wrote an object', () => {
  it('may still be text', () => {
    const managedFields = [{ manager: 'ci' }];
    const asText = { metadata: { managedFields: JSON.stringify(managedFields) } };
    assert.deepEqual(managedFieldsOf(asText), managedFields);
    for (const text of ['', '{}', '[', '3'])
      assert.equal(managedFieldsOf({ metadata: { managedFields: text } }), undefined);
  });

  it('tells every manager that owns a field, and how', () => {
    const owns = { 'f:spec': { 'f:replicas': {} } };
    const managedFields = [
      { manager: 'ci', operation: 'Apply', fieldsV1: owns },
      { manager: 'kube-controller-manager', operation: 'Update', subresource: 'scale', fieldsV1: owns },
      { manager: 'kubectl-edit', operation: 'Update', fieldsV1: { 'f:spec': { 'f:paused': {} } } },
      { manager: 'old', operation: 'Update' },
      null,
    ];
    assert.deepEqual(fieldManagers({ metadata: { managedFields } }, ['spec', 'replicas']), [
      { manager: 'ci', operation: 'Apply', subresource: '' },
      { manager: 'kube-controller-manager', operation: 'Update', subresource: 'scale' },
    ]);
    assert.deepEqual(fieldManagers({}, ['spec', 'replicas']), []);
  });

  it('may hold anything without harm', () => {
    fc.assert(
      fc.property(fc.jsonValue(), managedFields => {
        fieldManagers({ metadata: { managedFields } }, ['spec']);
      }),
    );
  });
});

describe('who is on record for a value', () => {
  const fieldsV1 = { 'f:spec': { 'f:l': { 'k:{"name":"a"}': { 'f:x': {} }, 'k:nonsense': {} } } };
  const entries = [
    { manager: 'helm', fieldsV1 },
    { manager: 'kube-controller-manager', subresource: 'scale', fieldsV1 },
    { manager: 'other', fieldsV1: { 'f:spec': {} } },
    null,
  ];
  const object = {
    metadata: { managedFields: entries },
    spec: { l: [{ name: 'b' }, { name: 'a', x: 1 }] },
  };

  it('is who wrote it, in an item that is told by its key', () => {
    assert.deepEqual(writersOf(object, ['spec', 'l', 1, 'x']), ['helm']);
    assert.deepEqual(writersOf(object, ['spec', 'l', 0, 'x']), []);
  });

  it('is not known where nothing is on record', () => {
    for (const managedFields of [undefined, [], 'none'])
      assert.equal(writersOf({ ...object, metadata: { managedFields } }, ['spec']), undefined);
  });

  it('is found for each of thousands of variables', () => {
    const names = Array.from({ length: 3_000 }, (_, index) => `V${index}`);
    const env = names.map(name => ({ name, value: '' }));
    const fields = Object.fromEntries(
      names.map(name => [`k:${JSON.stringify({ name })}`, { 'f:value': {} }]),
    );
    const managedFields = [{ manager: 'helm', fieldsV1: { 'f:env': fields } }];
    const begun = process.cpuUsage();
    for (const index of env.keys())
      assert.deepEqual(writersOf({ metadata: { managedFields }, env }, ['env', index, 'value']), ['helm']);
    assert.ok(process.cpuUsage(begun).user < 1_000_000);
  });
});
