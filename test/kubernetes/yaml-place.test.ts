import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { valueAt } from '../../src/kubernetes/object.ts';
import { parseYaml } from '../../src/kubernetes/yaml.ts';

describe('a place in a YAML document', () => {
  function written(text: string, path: (string | number)[]): [string | undefined, string | undefined] {
    const file = parseYaml(text);
    const place = file.documents[0]?.locate(path);
    const slice = (span: { start: number; end: number } | undefined) =>
      span && file.text.slice(span.start, span.end);
    return [slice(place?.key), slice(place?.value)];
  }

  it('is its key and its value', () => {
    const text = '# c\nspec: # c\n  containers:\n  - name: "a"\n    args: [x, {z: 1}]\n  empty:\n';
    assert.deepEqual(written(text, ['spec', 'containers', 0, 'name']), ['name', '"a"']);
    assert.deepEqual(written(text, ['spec', 'containers', 0, 'args', 1, 'z']), ['z', '1']);
    assert.deepEqual(written(text, ['spec', 'containers', 0, 'args']), ['args', '[x, {z: 1}]']);
    assert.deepEqual(written(text, ['spec', 'containers', 0]), [
      undefined,
      'name: "a"\n    args: [x, {z: 1}]',
    ]);
    assert.deepEqual(written(text, ['spec', 'empty']), ['empty', '']);
    assert.deepEqual(written(text, ['spec', 'missing']), [undefined, undefined]);
  });

  it('is the last of equal keys, which is the one that holds', () => {
    const file = parseYaml('a: 1\nb: 2\na: 3\n');
    assert.deepEqual(file.documents[0]?.locate(['a'])?.key, { start: 10, end: 11 });
  });

  it('is found under keys that are no strings', () => {
    assert.deepEqual(written('on: {010: x}\n', ['true', '8']), ['010', 'x']);
  });

  it('is where the alias or the merge stands that brings it', () => {
    const text = 'x: &x {a: {b: 1}}\nv: *x\nz:\n  <<: *x\n';
    assert.deepEqual(written(text, ['v', 'a', 'b']), ['v', '*x']);
    assert.deepEqual(written(text, ['z', 'a', 'b']), ['<<', '*x']);
  });

  it('is found in JSON, indented by tabs too', () => {
    const text = '{\n\t"a": {\n\t\t"b": [1, "\\u0041"]\n\t}\n}\n{"a": 2}\n';
    assert.deepEqual(written(text, ['a', 'b', 1]), [undefined, '"\\u0041"']);
    assert.equal(parseYaml(text).documents[1]?.locate(['a'])?.value.start, text.indexOf('2}'));
  });

  it('is right behind lines that js-yaml would have indented more', () => {
    const text = 'a:\n  b: [\n    "x",\n  ] # c\n  c: "1\n  2"\n  d: {e:\tf}\n';
    assert.deepEqual(written(text, ['a', 'b', 0]), [undefined, '"x"']);
    assert.deepEqual(written(text, ['a', 'c']), ['c', '"1\n  2"']);
    assert.deepEqual(written(text, ['a', 'd', 'e']), ['e', 'f']);
  });

  it('in the second document counts from the start of the file', () => {
    const file = parseYaml('a: 1\n---\nb: 2\n');
    assert.deepEqual(file.documents[1]?.locate(['b']), {
      key: { start: 9, end: 10 },
      value: { start: 12, end: 13 },
    });
  });

  it('reads as its value, wherever it is', () => {
    const layout = fc.constantFrom(
      {},
      { seqNoIndent: true },
      { indent: 4 },
      { flowLevel: 0 },
      { flowLevel: 2 },
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { noNullPrototype: true }),
        layout,
        (object, options) => {
          const file = parseYaml(`---\nfirst: 1\n---\n${dump(object, options)}`);
          const document = file.documents[1];
          for (const path of pathsOf(document?.value)) {
            const span = document?.locate(path)?.value ?? { start: 0, end: 0 };
            const indent = ' '.repeat(file.positionAt(span.start).column - 1);
            const text = file.text.slice(span.start, span.end);
            const isBlockScalar = /^[|>]/.test(text);
            const alone =
              parseYaml(isBlockScalar ? `- ${text}\n` : `\n${indent}${text}\n`).documents[0]?.value ?? null;
            const value = isBlockScalar ? valueAt(alone, [0]) : alone;
            assert.deepEqual(trimmed(value), trimmed(valueAt(document?.value, path)), file.text);
          }
        },
      ),
    );
  });
});

/** A block scalar that keeps the blank lines behind it is cut from them. */
function trimmed(value: unknown): unknown {
  return typeof value === 'string' ? value.trimEnd() : value;
}

function* pathsOf(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value))
    yield* pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]);
}
