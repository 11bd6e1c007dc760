import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteBudget } from '../../src/webhook/byte-budget.ts';

describe('the byte budget', () => {
  it('starts what fits, the rest as room comes back, in order', () => {
    const budget = new ByteBudget(10);
    const started: string[] = [];
    const claim = (name: string, bytes: number) => budget.claim(bytes, () => started.push(name));
    const releaseA = claim('a', 6);
    const releaseB = claim('b', 6);
    claim('c', 2);
    assert.deepEqual(started, ['a']);
    releaseA();
    assert.deepEqual(started, ['a', 'b', 'c']);
    releaseB();
  });

  it('lets what exceeds it run alone', () => {
    const budget = new ByteBudget(10);
    const started: string[] = [];
    const release = budget.claim(1, () => started.push('small'));
    budget.claim(100, () => started.push('huge'));
    assert.deepEqual(started, ['small']);
    release();
    assert.deepEqual(started, ['small', 'huge']);
  });

  it('forgets what gave up waiting', () => {
    const budget = new ByteBudget(10);
    const started: string[] = [];
    const release = budget.claim(10, () => started.push('first'));
    budget.claim(10, () => started.push('gone'))();
    budget.claim(10, () => started.push('last'));
    release();
    release();
    assert.deepEqual(started, ['first', 'last']);
  });

  it('is never exceeded, and nothing waits for ever', () => {
    const property = fc.property(fc.array(fc.integer({ min: 1, max: 12 })), sizes => {
      const budget = new ByteBudget(10);
      const running = new Map<number, number>();
      const releases = sizes.map((bytes, index) => budget.claim(bytes, () => running.set(index, bytes)));
      for (const [index, release] of releases.entries()) {
        const taken = [...running.values()].reduce((sum, bytes) => sum + bytes, 0);
        assert.ok(taken <= 10 || running.size === 1);
        assert.ok(running.delete(index), 'it never started');
        release();
      }
      assert.equal(running.size, 0);
    });
    fc.assert(property);
  });
});
