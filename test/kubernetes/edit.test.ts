import assert from 'node:assert/strict';
import { applyEdits, type Edit } from '../../src/kubernetes/edit.ts';

describe('an edit of an object', () => {
  const object = Object.freeze({
    spec: Object.freeze({ list: Object.freeze([1, 2]), none: null }),
    name: 'x',
  });
  const edited = (...edits: Edit[]) => applyEdits(object, edits);

  it('sets a value, with the parents it lacks', () => {
    assert.deepEqual(edited({ op: 'set', path: ['name'], value: 'y' }), { ...object, name: 'y' });
    assert.deepEqual(edited({ op: 'set', path: ['a', 0, 'b'], value: 1 }), { ...object, a: [{ b: 1 }] });
    assert.deepEqual(edited({ op: 'set', path: ['spec', 'none', 'a'], value: 1 }), {
      spec: { list: [1, 2], none: { a: 1 } },
      name: 'x',
    });
  });

  it('changes a list item or adds one', () => {
    assert.deepEqual(edited({ op: 'set', path: ['spec', 'list', 2], value: 3 }), {
      spec: { list: [1, 2, 3], none: null },
      name: 'x',
    });
  });

  it('removes a value', () => {
    assert.deepEqual(edited({ op: 'remove', path: ['spec', 'list', 0] }), {
      spec: { list: [2], none: null },
      name: 'x',
    });
    assert.deepEqual(edited({ op: 'remove', path: ['spec'] }), { name: 'x' });
  });

  it('moves a value, and looks the target up without it', () => {
    assert.deepEqual(edited({ op: 'move', from: ['spec', 'list'], path: ['list'] }), {
      spec: { none: null },
      name: 'x',
      list: [1, 2],
    });
    assert.deepEqual(edited({ op: 'move', from: ['name'], path: ['name', 'first'] }), {
      ...object,
      name: { first: 'x' },
    });
  });

  it('is left out when it does not fit', () => {
    const misfits: Edit[] = [
      { op: 'set', path: [], value: 1 },
      { op: 'set', path: ['name', 'first'], value: 1 },
      { op: 'set', path: ['spec', 'list', 3], value: 1 },
      { op: 'set', path: ['spec', 'list', 'a'], value: 1 },
      { op: 'set', path: ['spec', 0], value: 1 },
      { op: 'remove', path: ['spec', 'missing'] },
      { op: 'move', from: ['missing'], path: ['a'] },
      { op: 'move', from: ['name'], path: ['spec', 'list', 'a'] },
    ];
    for (const misfit of misfits) assert.deepEqual(edited(misfit), object);
  });

  it('touches no prototype', () => {
    const value = applyEdits({}, [{ op: 'set', path: ['__proto__', 'bad'], value: 1 }]) as object;
    assert.deepEqual(Object.keys(value), ['__proto__']);
    assert.equal('bad' in {}, false);
  });
});
