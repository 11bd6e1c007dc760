import assert from 'node:assert/strict';
import { parseGoDuration } from '../../src/kubernetes/go-duration.ts';

describe('a Go duration', () => {
  it('is read to the nanosecond', () => {
    assert.equal(parseGoDuration('1h1m1s1ms1us1ns'), 3_661_001_001_001n);
    assert.equal(parseGoDuration('-1.5s'), -1_500_000_000n);
    assert.equal(parseGoDuration('.5ms'), 500_000n);
  });

  it('needs a number and a known unit', () => {
    for (const text of ['', '-', '1', 's', '.s', '1d', '1 s', '1s ', '1,5s']) {
      assert.equal(parseGoDuration(text), undefined, text);
    }
  });
});
