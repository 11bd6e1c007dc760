import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ListReader } from '../../src/world/list-reader.ts';

/** What is read of a list that arrives in chunks of these sizes, again and again. */
function read(text: string, sizes: readonly number[] = [text.length]) {
  const items: unknown[] = [];
  const reader = new ListReader(item => items.push(item));
  const bytes = Buffer.from(text);
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const end = at + (sizes[i % sizes.length] ?? 1);
    reader.push(bytes.subarray(at, end));
    at = end;
  }
  return { items, rest: reader.end() };
}

describe('a list that arrives', () => {
  it('is read as if it had been parsed at once, wherever it is cut', () => {
    const item = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue());
    const list = fc.record({
      kind: fc.string({ unit: 'binary' }),
      metadata: fc.dictionary(fc.string(), fc.jsonValue()),
      others: fc.array(fc.jsonValue()),
      items: fc.array(item),
      after: fc.jsonValue(),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(list, sizes, fc.constantFrom(0, 2), (whole, chunks, indent) => {
        // JSON knows no -0.
        const text = JSON.stringify(whole, undefined, indent);
        const { items, ...rest } = JSON.parse(text);
        assert.deepEqual(read(text, chunks), { items, rest: { ...rest, items: [] } });
      }),
    );
  });

  it('may say what looks like a list', () => {
    const tricky = {
      kind: '"items":[{}]',
      metadata: { items: [{ a: 1 }] },
      items: [{ items: [{ b: ']}' }] }],
    };
    const { items, rest } = read(JSON.stringify(tricky));
    assert.deepEqual(items, tricky.items);
    assert.deepEqual(rest, { ...tricky, items: [] });
    assert.deepEqual(read('{"x\\"items":[{"a":1}],"items":[]}').items, []);
  });

  it('is none when its end is missing, or its items are', () => {
    assert.throws(() => read('{"items":[{"a":1},'), SyntaxError);
    assert.throws(() => read('{"items":[{"a":}]}'), SyntaxError);
    assert.deepEqual(read('{"items":"none"}'), { items: [], rest: { items: 'none' } });
  });

  it('may not have an item without end, nor as much around them', () => {
    const megabyte = Buffer.alloc(2 ** 20, 'a');
    for (const beginning of ['{"items":[{"a":"', '{"metadata":"']) {
      const reader = new ListReader(() => {});
      reader.push(Buffer.from(beginning));
      assert.throws(() => {
        for (let i = 0; i < 20; i++) reader.push(megabyte);
      }, RangeError);
    }
  });
});
