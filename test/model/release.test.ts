import assert from 'node:assert/strict';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { holds, release } from '../../src/model/release.ts';

const NAMESPACE = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };

function holding(...objects: unknown[]): boolean {
  return holds(release('web', 'default', objects as KubeObject[]), NAMESPACE);
}

describe('a release', () => {
  it('holds an object of that group, kind, namespace and name, whatever its version', () => {
    assert.equal(holding(NAMESPACE), true);
    assert.equal(holding({ ...NAMESPACE, apiVersion: 'v2' }), true);
    assert.equal(holding({ ...NAMESPACE, metadata: { name: 'shop', namespace: 'any' } }), true);
    assert.equal(holding({ ...NAMESPACE, apiVersion: 'example.com/v1' }), false);
    assert.equal(holding({ ...NAMESPACE, metadata: { name: 'other' } }), false);
    assert.equal(holding(), false);
  });

  it('is told from what it holds even where no text stands in the place of a name', () => {
    const strange = { toString: 1, valueOf: 1 };
    for (const object of [
      { ...NAMESPACE, apiVersion: strange },
      { ...NAMESPACE, kind: strange },
      { ...NAMESPACE, metadata: { name: strange, namespace: strange } },
      { ...NAMESPACE, metadata: strange },
    ])
      assert.equal(holding(object), false);
  });
});
