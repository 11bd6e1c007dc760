import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { applyEdits, type Edit } from '../../src/kubernetes/edit.ts';
import { valueAt } from '../../src/kubernetes/object.ts';
import { parseYaml } from '../../src/kubernetes/yaml.ts';
import { editYaml } from '../../src/kubernetes/yaml-edit.ts';

describe('edited text', () => {
  it('says what the edited object says', () => {
    fc.assert(
      fc.property(objectWithEdits(), writing(), ([object, edits], write) => {
        const file = parseYaml(write(object));
        const document = file.documents[0];
        // Some keys the writer leaves bare that kubectl reads as numbers: `0X0`.
        fc.pre(document !== undefined && isDeepStrictEqual(document.value, object));
        const text = editYaml(file, document, edits);
        assert.ok(text !== undefined, file.text);
        assert.deepEqual(parseYaml(text).documents[0]?.value, applyEdits(object, edits));
      }),
      { numRuns: 500 },
    );
  });
});

type Path = (string | number)[];

function objectWithEdits(): fc.Arbitrary<[object, Edit[]]> {
  return fc
    .dictionary(keys(), json(), { minKeys: 1, maxKeys: 5, noNullPrototype: true })
    .chain(object => fc.tuple(fc.constant(object), fc.array(edits(object), { minLength: 1, maxLength: 3 })));
}

function keys(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('spec', 'name', 'on', '1', 'a.b/c', '__proto__', '<<', 'a, b', 'null', '-'),
    fc.string({ maxLength: 6 }),
  );
}

function json(): fc.Arbitrary<unknown> {
  const scalar = fc.oneof(
    fc.constantFrom(
      'yes',
      '08',
      '.6_6',
      'a\nb',
      'a\n\nb\n',
      'a\n\n',
      ' a\nb',
      '# c',
      'x: y',
      '---',
      '--- a\nb',
      'a # b',
      'a\r\nb',
      '\t',
    ),
    fc.oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null)),
  );
  return fc.letrec(tie => ({
    value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, scalar, tie('list'), tie('mapping')),
    list: fc.array(tie('value'), { maxLength: 4 }),
    mapping: fc.dictionary(keys(), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  })).value;
}

function edits(object: object): fc.Arbitrary<Edit> {
  const paths = [...pathsOf(object)];
  const mappings = paths.filter(
    path => !Array.isArray(valueAt(object, path)) && valueAt(object, path) instanceof Object,
  );
  const written = fc.constantFrom(...paths);
  const fresh = fc
    .tuple(fc.constantFrom([], ...mappings), fc.array(keys(), { minLength: 1, maxLength: 2 }))
    .map(([parent, names]): Path => [...parent, ...names]);
  const path = fc.oneof(written, fresh);
  return fc.oneof(
    fc.record({ op: fc.constant('set' as const), path, value: json() }),
    fc.record({ op: fc.constant('remove' as const), path: written }),
    fc.record({ op: fc.constant('move' as const), from: written, path }),
  );
}

function* pathsOf(value: object, path: Path = []): Generator<Path> {
  for (const [key, child] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    yield place;
    if (typeof child === 'object' && child !== null) yield* pathsOf(child, place);
  }
}

function writing(): fc.Arbitrary<(object: object) => string> {
  const layouts = [{}, { indent: 4 }, { seqNoIndent: true }, { flowLevel: 1 }, { flowLevel: 2 }];
  return fc.constantFrom(
    ...layouts.map(layout => (object: object) => dump(object, { noRefs: true, ...layout })),
    (object: object) => dump(object, { noRefs: true }).replaceAll('\n', '\r\n'),
    ...[undefined, 2, '\t'].map(indent => (object: object) => JSON.stringify(object, null, indent)),
  );
}
