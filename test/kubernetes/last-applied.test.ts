import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LAST_APPLIED, lastApplied } from '../../src/kubernetes/last-applied.ts';

describe('the record of what was applied', () => {
  it('tells what kubectl applied last', () => {
    const object = { metadata: { annotations: { [LAST_APPLIED]: '{"spec":{"replicas":3}}' } } };
    assert.deepEqual(lastApplied(object), { spec: { replicas: 3 } });
    for (const text of ['', '[]', '3', 'null', '{"spec"'])
      assert.equal(lastApplied({ metadata: { annotations: { [LAST_APPLIED]: text } } }), undefined);
    assert.equal(lastApplied({}), undefined);
  });

  it('may hold anything without harm', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        lastApplied({ metadata: { annotations: { [LAST_APPLIED]: text } } });
      }),
    );
  });
});
