import assert from 'node:assert/strict';
import type { Edit } from '../../src/kubernetes/edit.ts';
import { parseYaml } from '../../src/kubernetes/yaml.ts';
import { editYaml } from '../../src/kubernetes/yaml-edit.ts';

function edited(text: string, ...edits: Edit[]): string | undefined {
  const file = parseYaml(text);
  const document = file.documents[0];
  assert.ok(document);
  return editYaml(file, document, edits);
}

const POD_SPEC = ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
const CRON_JOB = `# nightly
apiVersion: batch/v1
kind: CronJob
spec:
  schedule: "0 3 * * *"   # at night
  jobTemplate:
    spec:
      template:
        spec:
          concurrencyPolicy: Forbid # never two
          # what runs
          containers:
          - name: a
            command:
            - |
              echo 1

              # no comment
---
kind: Other
`;

describe('an edit of YAML text', () => {
  it('moves a line beside its like, with its comment', () => {
    const moved = edited(CRON_JOB, {
      op: 'move',
      from: [...POD_SPEC, 'concurrencyPolicy'],
      path: ['spec', 'concurrencyPolicy'],
    });
    assert.equal(
      moved,
      CRON_JOB.replace('          concurrencyPolicy: Forbid # never two\n', '').replace(
        '# at night\n',
        '# at night\n  concurrencyPolicy: Forbid # never two\n',
      ),
    );
  });

  it('keeps the relative indentation of lines it moves', () => {
    assert.equal(
      edited('a:\n  b:\n    c: |\n      x\n        y\n\n      z\n    d: 1\n', {
        op: 'move',
        from: ['a', 'b', 'c'],
        path: ['e'],
      }),
      'a:\n  b:\n    d: 1\ne: |\n  x\n    y\n\n  z\n',
    );
    assert.match(
      edited(CRON_JOB, { op: 'move', from: [...POD_SPEC, 'containers'], path: ['spec', 'containers'] }) ?? '',
      /\n {10}# what runs\n {2}containers:\n {2}- name: a\n {4}command:\n {4}- \|\n {6}echo 1\n\n {6}# no comment\n---\n/,
    );
  });

  it('moves to the start of a mapping that has nothing but nested blocks', () => {
    assert.equal(
      edited('a:\n  b: 1\n  c: 2\nd:\n  e:\n    f: 1\n', { op: 'move', from: ['a', 'b'], path: ['d', 'g'] }),
      'a:\n  c: 2\nd:\n  g: 1\n  e:\n    f: 1\n',
    );
  });

  it('replaces a value and keeps the comment behind it', () => {
    assert.equal(
      edited('a: 1   # c\nb: 2\n', { op: 'set', path: ['a'], value: 'yes' }),
      "a: 'yes'   # c\nb: 2\n",
    );
    assert.equal(
      edited('a: # c\n  b: 1\n  # d\ne: 2\n', { op: 'set', path: ['a'], value: 1 }),
      'a: 1 # c\ne: 2\n',
    );
    assert.equal(
      edited('a: 1 # c\n', { op: 'set', path: ['a'], value: { b: [1] } }),
      'a: # c\n  b:\n    - 1\n',
    );
    assert.equal(edited('a:\nb: 2', { op: 'set', path: ['a', 'c'], value: 1 }), 'a:\n  c: 1\nb: 2');
  });

  it('indents new lines as the document does', () => {
    const set: Edit = { op: 'set', path: ['a', 'd', 'e'], value: 1 };
    assert.equal(
      edited('a:\n    b:\n        c: 1\n', set),
      'a:\n    b:\n        c: 1\n    d:\n        e: 1\n',
    );
    const list: Edit = { op: 'set', path: ['d'], value: [{ x: 1 }] };
    assert.equal(edited('a:\n- 1\n', list), 'a:\n- 1\nd:\n- x: 1\n');
    assert.equal(edited('a:\n  - 1', list), 'a:\n  - 1\nd:\n  - x: 1');
    assert.equal(edited('a:\r\n- 1\r\n', list), 'a:\r\n- 1\r\nd:\r\n- x: 1\r\n');
  });

  it('adds to a list item beside its name', () => {
    assert.equal(
      edited('l:\n- name: a\n  ports:\n  - 1\n- name: b\n', {
        op: 'set',
        path: ['l', 0, 'image'],
        value: 'x:1',
      }),
      'l:\n- name: a\n  image: x:1\n  ports:\n  - 1\n- name: b\n',
    );
    assert.equal(
      edited('l:\n- 1\n# c\nx: 2\n', { op: 'set', path: ['l', 1], value: { a: 1, b: 2 } }),
      'l:\n- 1\n- a: 1\n  b: 2\n# c\nx: 2\n',
    );
  });

  it('removes whole lines', () => {
    assert.equal(
      edited('# a\na: 1 # c\n# b\nb:\n  c: 1\n  # d\ne: 1\n', { op: 'remove', path: ['b'] }),
      '# a\na: 1 # c\n# b\ne: 1\n',
    );
    assert.equal(
      edited('l:\n- name: a\n  image: b\n', { op: 'remove', path: ['l', 0, 'name'] }),
      'l:\n- image: b\n',
    );
    assert.equal(edited('a:\n  b: 1 # c\nd: 1\n', { op: 'remove', path: ['a', 'b'] }), 'a: {}\nd: 1\n');
    assert.equal(edited('a:\n- 1\n', { op: 'remove', path: ['a', 0] }), 'a: []\n');
  });

  it('minds brackets', () => {
    assert.equal(edited('a: {x: 1, z: 2} # c\n', { op: 'remove', path: ['a', 'x'] }), 'a: {z: 2} # c\n');
    assert.equal(edited('a: {x: 1, z: 2}\n', { op: 'remove', path: ['a', 'z'] }), 'a: {x: 1}\n');
    assert.equal(
      edited('a: { x: 1 }\n', { op: 'set', path: ['a', 'z'], value: ['b, c'] }),
      "a: { x: 1, z: ['b, c'] }\n",
    );
    assert.equal(edited('a: [1, 2]\n', { op: 'set', path: ['a', 2], value: 3 }), 'a: [1, 2, 3]\n');
    assert.equal(edited('a: [1]\n', { op: 'remove', path: ['a', 0] }), 'a: []\n');
    assert.equal(edited('a: {}\n', { op: 'set', path: ['a', 'b', 'c'], value: 1 }), 'a:\n  b:\n    c: 1\n');
  });

  it('leaves JSON as JSON', () => {
    const text = '{\n  "a": {\n    "b": [1, 2],\n    "c": {}\n  }\n}\n';
    assert.equal(
      edited(text, { op: 'set', path: ['a', 'c', 'd'], value: 'x' }, { op: 'set', path: ['e'], value: true }),
      '{\n  "a": {\n    "b": [1, 2],\n    "c": {\n      "d": "x"\n    }\n  },\n  "e": true\n}\n',
    );
    assert.equal(
      edited('{"a":{"b":1},"c":2}', { op: 'move', from: ['c'], path: ['a', 'c'] }),
      '{"a":{"b":1,"c":2}}',
    );
  });

  it('leaves the other documents alone', () => {
    const file = parseYaml('a: 1 # one\n---\nb:   2 # two\n--- # c\nd: 3');
    const document = file.documents[1];
    assert.ok(document);
    assert.equal(
      editYaml(file, document, [{ op: 'set', path: ['b'], value: 4 }]),
      'a: 1 # one\n---\nb: 4 # two\n--- # c\nd: 3',
    );
  });

  it('is not made where an alias or a merge brings the value', () => {
    const text = 'x: &x {a: {b: 1}}\nv: *x\nz:\n  <<: *x\n';
    assert.equal(edited(text, { op: 'set', path: ['v', 'a', 'b'], value: 2 }), undefined);
    assert.equal(edited(text, { op: 'remove', path: ['z', 'a'] }), undefined);
    assert.equal(edited(text, { op: 'remove', path: ['x'] }), undefined);
    assert.equal(edited(text, { op: 'set', path: ['x', 'a', 'b'], value: 2 }), undefined);
  });

  it('that does not fit is left out', () => {
    assert.equal(
      edited('a: 1\n', { op: 'remove', path: ['b'] }, { op: 'set', path: ['a', 'b'], value: 1 }),
      'a: 1\n',
    );
  });
});
