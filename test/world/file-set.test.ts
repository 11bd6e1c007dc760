import assert from 'node:assert/strict';
import { CronJob, Namespace, Pod } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { amongFiles, type Siblings } from '../../src/model/query.ts';
import { FileSet } from '../../src/world/file-set.ts';

function member(file: string, name: string, kind = 'Pod') {
  const apiVersion = kind === 'CronJob' ? 'batch/v1' : 'v1';
  return { file, object: { apiVersion, kind, metadata: { name, namespace: 'shop' } } };
}

function asked(
  set: FileSet,
  query: ReturnType<typeof amongFiles>,
  { object, file }: ReturnType<typeof member>,
) {
  assert.ok(query.ask === 'among-files');
  return set.siblings(query, object, file) as Siblings<KubeObject>;
}

describe('files that are checked together', () => {
  const members = [
    member('a/x.yaml', 'one'),
    member('a/y.yaml', 'two'),
    member('b/x.yaml', 'three'),
    member('c.yaml', 'nightly', 'CronJob'),
  ];
  const set = new FileSet(members);
  const names = ({ all }: Siblings<KubeObject>) => all.map(({ metadata }) => metadata?.name);

  it('hold the objects of the kinds that are asked for, in their order', () => {
    const subject = member('z/x.yaml', 'four');
    assert.deepEqual(names(asked(set, amongFiles([Pod]), subject)), ['one', 'two', 'three']);
    assert.deepEqual(names(asked(set, amongFiles<unknown>([CronJob, Pod]), subject)), [
      'one',
      'two',
      'three',
      'nightly',
    ]);
    assert.deepEqual(names(asked(set, amongFiles([Namespace]), subject)), []);
  });

  it('hold no more than a folder, if that is what is asked', () => {
    const query = amongFiles<unknown>([CronJob, Pod], 'folder');
    assert.deepEqual(names(asked(set, query, member('a/z.yaml', 'four'))), ['one', 'two']);
    assert.deepEqual(names(asked(set, query, member('z.yaml', 'four'))), ['nightly']);
    assert.deepEqual(names(asked(set, query, member('a/b/z.yaml', 'four'))), []);
  });

  it('know a subject that was read anew by where it stands', () => {
    const query = amongFiles([Pod]);
    assert.equal(asked(set, query, member('a/x.yaml', 'one')).self, members[0]?.object);
    assert.equal(asked(set, query, member('b/x.yaml', 'one')).self, undefined);
  });

  it('tell every subject the same list, so that a rule can remember what it made of it', () => {
    const query = amongFiles([Pod]);
    const [one, other] = ['one', 'two'].map(name => asked(set, query, member('a/x.yaml', name)).all);
    assert.equal(one, other);
  });
});
