import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isAtLeast, parseVersion } from '../../src/kubernetes/version.ts';
import { runs } from '../runs.ts';

describe('a version of Kubernetes', () => {
  for (const text of [
    '1.29',
    'v1.29',
    '1.29.4',
    'v1.29.4-eks-1b2c3d',
    '1.29.4-gke.100',
    '1.29.4+k3s1',
    '1.29+',
    '1.029',
  ])
    it(`is read from ${text}`, () => assert.equal(parseVersion(text), '1.29'));

  for (const text of ['', '1', '29', '1.', '1.x', '2.0', 'latest', '1.29 ', '1.29.4.5', '-1.29', '1.1234'])
    it(`is not read from "${text}"`, () => assert.equal(parseVersion(text), undefined));

  it('is compared by number', () => {
    const minor = fc.nat(999);
    fc.assert(
      fc.property(minor, minor, (one, other) => {
        assert.equal(isAtLeast(`1.${one}`, `1.${other}`), one >= other);
        assert.equal(parseVersion(`v1.${one}.${other}`), `1.${one}`);
      }),
      { numRuns: runs(0.1) },
    );
  });
});
