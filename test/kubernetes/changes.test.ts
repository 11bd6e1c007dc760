import assert from 'node:assert/strict';
import { changes, valueOfSame } from '../../src/kubernetes/changes.ts';

describe('what has changed in an object', () => {
  const paths = (was: unknown, is: unknown) =>
    changes(was, is)
      .map(({ path }) => path.join('.'))
      .sort();

  it('is told value by value', () => {
    assert.deepEqual(paths({ b: 1, a: { c: 1 } }, { a: { c: 2, d: 3 }, b: 2 }), ['a.c', 'a.d', 'b']);
  });

  it('finds items of lists by their names, wherever they stand', () => {
    const [was, is] = [
      [{ name: 'a', x: 1 }, { name: 'b' }],
      [{ name: 'b' }, { name: 'a', x: 2 }],
    ];
    assert.deepEqual(changes(was, is), [{ path: [1, 'x'], before: [0, 'x'], was: 1, is: 2 }]);
  });

  it('takes a list of anything else for one value', () => {
    assert.deepEqual(paths({ args: ['-a', '-b'] }, { args: ['-b', '-a'] }), ['args']);
    assert.deepEqual(paths({ args: ['-a', { b: 1, c: 2 }] }, { args: ['-a', { c: 2, b: 1 }] }), []);
  });

  it('names the list of which an item is gone, and where that was', () => {
    const change = { path: ['l'], before: ['l', 1], was: { name: 'b' }, is: undefined };
    assert.deepEqual(changes({ l: [{ name: 'a' }, { name: 'b' }] }, { l: [{ name: 'a' }] }), [change]);
  });

  it('is found at any depth', () => {
    const deep = (value: unknown) => {
      let nested = value;
      for (let depth = 0; depth < 100_000; depth++) nested = { in: [nested] };
      return nested;
    };
    assert.equal(changes(deep(1), deep(1)).length, 0);
    assert.equal(changes(deep(1), deep(2)).length, 1);
  });
});

describe('the same value of another object', () => {
  it('is found by the names of items', () => {
    const [one, other] = [{ l: [{ name: 'b' }, { name: 'a', x: 1 }] }, { l: [{ name: 'a', x: 2 }] }];
    assert.equal(valueOfSame(other, one, ['l', 1, 'x']), 2);
    assert.equal(valueOfSame(other, one, ['l', 0, 'name']), undefined);
    assert.equal(valueOfSame(undefined, one, ['l', 0]), undefined);
  });
});
