import assert from 'node:assert/strict';
import { parseYaml, type YamlFile } from '../../src/kubernetes/yaml.ts';
import recordings from './yaml.go-yaml.json' with { type: 'json' };

function errorsOf(text: string): string[] {
  return parseYaml(text).errors.map(({ message, line, column }) => `${line}:${column} ${message}`);
}

describe('YAML as kubectl reads it', () => {
  const streams: Recording[] = recordings.streams;

  it('means the same in every recorded case', () => {
    for (const { text, documents, refused } of streams) {
      if (refused !== undefined) continue;
      const file = parseYaml(text);
      assert.deepEqual(
        { text, documents: values(file), errors: file.errors },
        { text, documents, errors: [] },
      );
    }
  });

  it('is refused where kubectl refuses it', () => {
    for (const { text, documents, refused } of streams) {
      if (refused === undefined) continue;
      const file = parseYaml(text);
      assert.ok(file.errors.length > 0, `${JSON.stringify(text)}: ${refused}`);
      assert.deepEqual(values(file).slice(0, documents.length), documents, JSON.stringify(text));
    }
  });
});

interface Recording {
  text: string;
  documents: unknown[];
  refused?: string;
}

function values({ documents }: YamlFile): unknown[] {
  return documents.map(({ value }) => value);
}

describe('a YAML file', () => {
  it('shows its other documents when one is broken', () => {
    const file = parseYaml('a: 1\n---\nb: [\n---\nc: 3\n---\nd: *x\n---\ne: 5\n');
    assert.deepEqual(values(file), [{ a: 1 }, { c: 3 }, { e: 5 }]);
    assert.deepEqual(errorsOf(file.text), [
      '4:1 unexpected end of the stream within a flow collection',
      '7:4 unknown anchor "x"',
    ]);
  });

  it('has one error for a document with text behind its separator, as kubectl refuses that', () => {
    const file = parseYaml(
      'a: 1\n---\nkey: |\n-----BEGIN CERTIFICATE-----\n"\n-----END CERTIFICATE-----\n---\nb: 2\n',
    );
    assert.deepEqual(values(file), [{ a: 1 }, { b: 2 }]);
    assert.deepEqual(errorsOf(file.text), ['4:1 only a comment may follow --- on its line']);
  });

  it('tells where a key is indented badly', () => {
    const text =
      'spec:\n  template:\n    spec:\n        restartPolicy: Never\n       containers:\n       - name: a\n';
    assert.deepEqual(errorsOf(text), ['5:8 bad indentation of a mapping entry']);
  });

  it('tells where a tab indents a line', () => {
    assert.deepEqual(errorsOf('a: 1\r\nb:\r\n\tc: 1\r\n'), [
      '3:1 tab characters must not be used in indentation',
    ]);
  });

  it('says that a template is to be rendered first', () => {
    assert.deepEqual(errorsOf('kind: Pod\nmetadata:\n  name: {{ .Values.name }}\n'), [
      '3:9 {{ is a template, not YAML: render it first',
    ]);
  });

  it('may begin with a byte order mark, which takes no column', () => {
    const file = parseYaml('\uFEFFa: 1\n');
    assert.deepEqual(values(file), [{ a: 1 }]);
    assert.deepEqual(file.positionAt(1), { line: 1, column: 1 });
    assert.equal(file.lineText(1), 'a: 1');
    assert.deepEqual(errorsOf('\uFEFFa: *b\n'), ['1:4 unknown anchor "b"']);
  });

  it('is refused as a whole when it is UTF-16', () => {
    for (const text of ['\uFFFD\uFFFDa\0:\0 \x001\0', 'a\0:\0', '\0a\0:', '\uFFFEa']) {
      assert.match(errorsOf(text).join(), /^1:1 .*UTF-16: save it as UTF-8$/);
    }
  });

  it('knows its lines, whatever ends them', () => {
    const file = parseYaml('a: 1\r\nbc: 2\n\nd: 3');
    assert.deepEqual(
      [1, 2, 3, 4, 5, 0].map(line => file.lineText(line)),
      ['a: 1', 'bc: 2', '', 'd: 3', '', ''],
    );
    assert.deepEqual(
      [0, 4, 6, 12, 99].map(offset => file.positionAt(offset)),
      [
        { line: 1, column: 1 },
        { line: 1, column: 5 },
        { line: 2, column: 1 },
        { line: 3, column: 1 },
        { line: 4, column: 5 },
      ],
    );
  });

  it('keeps its documents apart', () => {
    const file = parseYaml('# one\na: 1\n--- # two\nb: 2\n---\n{"c": 3}');
    assert.deepEqual(
      file.documents.map(({ span }) => file.text.slice(span.start, span.end)),
      ['# one\na: 1\n', 'b: 2\n', '{"c": 3}'],
    );
  });
});
