import assert from 'node:assert/strict';
import { lookUp } from '../../src/cli/looked-up.ts';
import { LimitRange } from '../../src/kubernetes/kinds.ts';
import { inSameNamespace } from '../../src/model/query.ts';
import { rule } from '../../src/model/rule.ts';
import { rules } from '../../src/rules/index.ts';

describe('what is looked up in files', () => {
  const asking = rule({
    id: 'asks',
    title: '',
    severity: 'note',
    lessons: [],
    why: '',
    unless: '',
    kinds: [LimitRange],
    needs: { limits: inSameNamespace(LimitRange) },
    *check() {},
  });
  const namesIn = (text: string, asked = [asking]) =>
    lookUp([{ file: 'all.yaml', text }], asked).objects.map(({ object }) => object.metadata?.name);

  for (const [written, text] of Object.entries({
    'in a document among others':
      'apiVersion: v1\nkind: Pod\nmetadata: {name: other}\n---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: bounds}',
    'in quotes': `"apiVersion": "v1"\n"kind": 'LimitRange'\nmetadata: {name: bounds}`,
    'on the next line': 'apiVersion: v1\nkind:\n  LimitRange\nmetadata: {name: bounds}',
    'as JSON': '{"apiVersion":"v1","kind":"LimitRange","metadata":{"name":"bounds"}}',
    'in a list':
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: LimitRange, metadata: {name: bounds}}',
    'in a typed list': 'apiVersion: v1\nkind: LimitRangeList\nitems:\n- metadata: {name: bounds}',
    'beside what cannot be read': 'kind: [\n---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: bounds}',
  }))
    it(`is found ${written}`, () => assert.deepEqual(namesIn(text), ['bounds']));

  it('is nothing else, be it called alike', () => {
    assert.deepEqual(namesIn('apiVersion: example.com/v1\nkind: LimitRanger\nmetadata: {name: other}'), []);
  });

  it('may be of any kind with a word in its name', () => {
    const text = 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: bounds}';
    assert.deepEqual(namesIn(text), []);
    assert.deepEqual(namesIn(text, [...rules]), ['bounds']);
  });
});
