import assert from 'node:assert/strict';
import { rememberLast } from '../../src/kubernetes/remember-last.ts';

describe('what is remembered of the last question', () => {
  it('is its answer, until something else is asked', () => {
    const asked: unknown[] = [];
    const ask = rememberLast((of: unknown, how: unknown) => asked.push([of, how]));
    const [one, other] = [{}, {}];
    for (const [of, how, answer] of [
      [undefined, undefined, 1],
      [undefined, undefined, 1],
      [one, undefined, 2],
      [one, undefined, 2],
      [other, undefined, 3],
      [other, 'so', 4],
      [other, 'so', 4],
      [one, undefined, 5],
    ])
      assert.equal(ask(of, how), answer);
    assert.equal(asked.length, 5);
  });
});
