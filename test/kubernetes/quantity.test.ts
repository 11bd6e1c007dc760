import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseQuantity } from '../../src/kubernetes/quantity.ts';

describe('a quantity', () => {
  const cases: [unknown, number | undefined][] = [
    ['256Mi', 256 * 2 ** 20],
    ['1Gi', 2 ** 30],
    ['100m', 0.1],
    ['1500n', 1.5e-6],
    ['2k', 2000],
    ['1.5G', 1.5e9],
    ['.5', 0.5],
    ['1.', 1],
    ['1e3', 1000],
    ['1E3', 1000],
    ['1E', 1e18],
    ['-1', -1],
    ['+1', 1],
    ['0', 0],
    [2, 2],
    ['1Ei', 2 ** 60],
    ['', undefined],
    ['Mi', undefined],
    ['1 Gi', undefined],
    ['1gi', undefined],
    ['1KI', undefined],
    ['NaN', undefined],
    [Number.NaN, undefined],
    ['1e999999', undefined],
    ['0x10', undefined],
    [null, undefined],
    [{}, undefined],
  ];
  for (const [text, number] of cases) {
    it(`${JSON.stringify(text)} is ${number ?? 'none'}`, () => assert.equal(parseQuantity(text), number));
  }

  it('can be any text without harm', () => {
    fc.assert(fc.property(fc.string(), text => ['number', 'undefined'].includes(typeof parseQuantity(text))));
  });
});
