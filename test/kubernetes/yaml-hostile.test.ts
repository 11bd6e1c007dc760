import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseYaml } from '../../src/kubernetes/yaml.ts';

function read(text: string): unknown {
  const { documents, errors } = parseYaml(text);
  assert.deepEqual(errors, []);
  assert.equal(documents.length, 1);
  return documents[0]?.value;
}

function errorsOf(text: string): string[] {
  return parseYaml(text).errors.map(({ message, line, column }) => `${line}:${column} ${message}`);
}

describe('hostile YAML', () => {
  it('nests no deeper than 500 levels', () => {
    for (const open of ['[', '{a: ', '- ', '? ', '{"a":']) {
      assert.match(errorsOf(open.repeat(100_000)).join(), /^1:\d+ nested more than 500 levels deep$/);
    }
    assert.match(errorsOf(`${'{"a":'.repeat(600)}1${'}'.repeat(600)}`).join(), /levels deep$/);
    assert.equal(parseYaml(`${'[\n'.repeat(400)}${']'.repeat(400)}`).documents.length, 1);
  });

  it('does not grow by its aliases', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [name, previous] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg']) {
      bomb.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(', ')}]`);
    }
    assert.deepEqual(errorsOf(bomb.join('\n')), ['4:20 the document contains too many aliases']);
    assert.deepEqual(errorsOf('a: &a\n  - *a\n'), ['2:5 anchor "a" contains itself']);
  });

  it('touches no prototype', () => {
    for (const text of [
      '__proto__: {bad: 1}\nconstructor: 2\n',
      '{"__proto__": {"bad": 1}, "constructor": 2}',
    ]) {
      const value = read(text) as object;
      assert.deepEqual(Object.keys(value), ['__proto__', 'constructor']);
      assert.equal(Object.getPrototypeOf(value), Object.prototype);
    }
    const merged = read('x: &x {__proto__: {bad: 1}}\nz: {<<: *x}\n') as { z: object };
    assert.deepEqual(Object.keys(merged.z), ['__proto__']);
    assert.equal('bad' in merged.z, false);
  });

  const large: Record<string, string> = {
    '100,000 keys': Array.from({ length: 100_000 }, (_, index) => `key${index}: ${index}`).join('\n'),
    '10,000 documents': '---\na: 1\nb: [1, 2]\n'.repeat(10_000),
    '20,000 JSON objects': '{"a": 1}\n'.repeat(20_000),
    '100,000 separators': '---\n'.repeat(100_000),
    'a quote that is never closed': `a: "x\n${'b: 1\n'.repeat(50_000)}`,
    'a bracket that is never closed': `a: [\n${'b,\n'.repeat(50_000)}`,
    '5,000 brackets closed in the column of their key': `l:\n${'- a: [\n    x\n  ]\n'.repeat(5000)}`,
    'many tabs between brackets': `a: [${'1,\t'.repeat(30_000)}1]`,
    'a number of a million digits': `a: ${'9'.repeat(1_000_000)}`,
    'a million spaces': ' '.repeat(1_000_000),
  };
  for (const [name, text] of Object.entries(large)) {
    it(`takes little time: ${name}`, () => {
      const start = performance.now();
      parseYaml(text);
      assert.ok(performance.now() - start < 3000);
    });
  }

  it('of any form throws nothing, and its errors lie in the text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), tokens()), text => {
        const file = parseYaml(text);
        for (const { message, line, column } of file.errors) {
          assert.doesNotMatch(message, /[\r\n]/);
          assert.ok(
            line >= 1 && column >= 1 && column <= file.lineText(line).length + 2,
            `${line}:${column}`,
          );
        }
        for (const document of file.documents) {
          for (const path of pathsOf(document.value)) document.locate(path);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function anyText(): fc.Arbitrary<string> {
  return fc.oneof(fc.string(), fc.string({ unit: 'binary' }));
}

function tokens(): fc.Arbitrary<string> {
  const token = fc.constantFrom(
    ...[
      'a',
      ': ',
      '\n',
      '\n  ',
      '- ',
      '? ',
      '[',
      ']',
      '{',
      '}',
      ', ',
      '"',
      "'",
      '#',
      ' # c',
      '|',
      '>-',
      '|+',
      '&x ',
      '*x',
    ],
    ...[
      '!!int ',
      '!t ',
      '<<: ',
      '1',
      '~',
      '\t',
      '...',
      '---',
      '\n---\n',
      '\\',
      '\r\n',
      '\r',
      'é',
      ':',
      '\uFEFF',
      '\0',
      '%',
    ],
  );
  return fc.array(token, { maxLength: 25 }).map(parts => parts.join(''));
}

function* pathsOf(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const [key, child] of Object.entries(value))
    yield* pathsOf(child, [...path, Array.isArray(value) ? Number(key) : key]);
}
