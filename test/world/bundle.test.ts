import assert from 'node:assert/strict';
import { readObjects, subjectOf } from '../../src/intake/files.ts';
import { LimitRange, Namespace } from '../../src/kubernetes/kinds.ts';
import { inSameNamespace, named, ownedByRelease } from '../../src/model/query.ts';
import { bundle } from '../../src/world/bundle.ts';

function one(file: string, kind: string, namespace?: string) {
  const metadata = { name: kind.toLowerCase(), ...(namespace && { namespace }) };
  const [found] = readObjects({ file, text: JSON.stringify({ apiVersion: 'v1', kind, metadata }) }).objects;
  assert.ok(found);
  return found;
}

describe('a run over files', () => {
  const limits = (at: string, namespace?: string) => one(at, 'LimitRange', namespace);
  const asked = (pod: ReturnType<typeof one>, ...others: ReturnType<typeof one>[]) =>
    bundle(others, undefined).ask(inSameNamespace(LimitRange), subjectOf(pod, undefined));

  it('finds what stands in the same namespace, in whatever file', () => {
    const other = limits('b/limits.yaml', 'shop');
    assert.deepEqual(asked(one('a/pod.yaml', 'Pod', 'shop'), other), { known: true, value: [other.object] });
    assert.deepEqual(asked(one('a/pod.yaml', 'Pod', 'till'), other), { known: true, value: [] });
  });

  it('takes files of one folder for one namespace where none is written, and no others', () => {
    const other = limits('a/limits.yaml');
    assert.deepEqual(asked(one('a/pod.yaml', 'Pod'), other), { known: true, value: [other.object] });
    assert.deepEqual(asked(one('b/pod.yaml', 'Pod'), other), { known: true, value: [] });
    assert.deepEqual(asked(one('a/pod.yaml', 'Pod', 'shop'), other), { known: true, value: [] });
  });

  it('does not know what a release owns unless a previous revision was given', () => {
    const old = one('old.yaml', 'Namespace');
    const subject = subjectOf(one('a/pod.yaml', 'Pod'), old.object);
    assert.equal(bundle([], undefined).ask(ownedByRelease(Namespace), subject).known, false);
    assert.deepEqual(bundle([], [old]).ask(ownedByRelease(Namespace), subject), {
      known: true,
      value: [old.object],
    });
    assert.equal(bundle([], [old]).originOf(old.object), old.origin);
  });

  it('knows that an install owns nothing yet', () => {
    const installed = subjectOf(one('a/pod.yaml', 'Pod'), undefined);
    assert.deepEqual(bundle([], undefined).ask(ownedByRelease(Namespace), installed), {
      known: true,
      value: [],
    });
  });

  it('finds a cluster-wide object by its name', () => {
    const subject = subjectOf(one('a/pod.yaml', 'Pod'), undefined);
    const other = one('b/namespace.yaml', 'Namespace');
    const asked = (name: string) => bundle([other], undefined).ask(named(Namespace, name), subject);
    assert.deepEqual(asked('namespace'), { known: true, value: other.object });
    assert.deepEqual(asked('elsewhere'), { known: true, value: undefined });
  });
});
