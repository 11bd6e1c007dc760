import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fieldManagers, LAST_APPLIED, lastApplied } from '../../src/kubernetes/last-applied.ts';

describe('the record of who wrote an object', () => {
  it('tells what kubectl applied last', () => {
    const object = { metadata: { annotations: { [LAST_APPLIED]: '{"spec":{"replicas":3}}' } } };
    assert.deepEqual(lastApplied(object), { spec: { replicas: 3 } });
    for (const text of ['', '[]', '3', 'null', '{"spec"'])
      assert.equal(lastApplied({ metadata: { annotations: { [LAST_APPLIED]: text } } }), undefined);
    assert.equal(lastApplied({}), undefined);
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
      fc.property(fc.jsonValue(), fc.string(), (managedFields, text) => {
        fieldManagers({ metadata: { managedFields } }, ['spec']);
        lastApplied({ metadata: { annotations: { [LAST_APPLIED]: text } } });
      }),
    );
  });
});
