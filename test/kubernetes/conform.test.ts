import assert from 'node:assert/strict';
import fc from 'fast-check';
import { conform } from '../../src/kubernetes/conform.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';

function pod(spec: unknown): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec };
}

describe('conform', () => {
  it('returns an object that fits as it is', () => {
    const fitting = pod({
      containers: [{ name: 'web', resources: { limits: { cpu: 2, memory: '1Gi' } } }],
      nodeName: null,
    });
    const { object, misfits } = conform(fitting);
    assert.equal(object, fitting);
    assert.deepEqual(misfits, []);
  });

  it('leaves out what has another form than the declared one, and says where it stood', () => {
    const { object, misfits } = conform(pod({ containers: { name: 'web' }, hostPID: 'yes', nodeName: 'a' }));
    assert.deepEqual(object.spec, { nodeName: 'a' });
    assert.deepEqual(misfits, [
      { path: ['spec', 'containers'], expected: 'a list' },
      { path: ['spec', 'hostPID'], expected: 'true or false' },
    ]);
  });

  it('keeps the places of the other items of a list', () => {
    const { object, misfits } = conform(pod({ containers: ['web', { name: 'log' }] }));
    assert.deepEqual(object.spec, { containers: [{}, { name: 'log' }] });
    assert.deepEqual(misfits, [{ path: ['spec', 'containers', 0], expected: 'a mapping' }]);
  });

  it('does not hand on a number where text must stand, nor call it a misfit: quantities are declared as text', () => {
    const { object, misfits } = conform(
      pod({ volumes: [{ name: 'a', emptyDir: { sizeLimit: 1 } }], nodeName: 5 }),
    );
    assert.deepEqual(object.spec, { volumes: [{ name: 'a', emptyDir: {} }] });
    assert.deepEqual(misfits, []);
  });

  it('says nothing of kinds whose fields are not known', () => {
    const foreign = { apiVersion: 'example.com/v1', kind: 'Pod', spec: 'anything' };
    assert.equal(conform(foreign).object, foreign);
  });

  it('takes whatever there is, and changes none of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const before = JSON.stringify(value);
        const { object } = conform(pod(value));
        assert.deepEqual(conform(object).misfits, []);
        assert.equal(JSON.stringify(value), before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('an object of a version that nobody knows', () => {
  it('is taken for one of the present version', () => {
    const object = { apiVersion: 'batch/v9', kind: 'CronJob', spec: { schedule: [] } };
    assert.deepEqual(conform(object).object.spec, {});
  });
});
