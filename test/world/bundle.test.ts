import assert from 'node:assert/strict';
import { readObjects, subjectOf } from '../../src/intake/files.ts';
import { LimitRange, Namespace, Service } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import {
  inCluster,
  inNamespace,
  inSameNamespace,
  named,
  ownedByRelease,
  type Query,
} from '../../src/model/query.ts';
import type { Answer } from '../../src/model/subject.ts';
import { applied } from '../../src/world/applied.ts';
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

  it('looks once for all who ask the same', () => {
    const others = [limits('a/limits.yaml', 'shop'), one('a/web.yaml', 'Service', 'shop')];
    const world = bundle(others, undefined);
    const [pod, other] = ['a', 'b'].map(folder =>
      subjectOf(one(`${folder}/pod.yaml`, 'Pod', 'shop'), undefined),
    );
    assert.ok(pod && other);
    for (const query of [
      inSameNamespace(LimitRange),
      inCluster(Service, [['spec']]),
      inNamespace(Service, ['metadata', 'namespace'], [['spec']]),
    ]) {
      const first: Answer<unknown> = world.ask(query, pod);
      const second: Answer<unknown> = world.ask(query, other);
      assert.ok(first.known && second.known);
      assert.equal((first.value as unknown[]).length, 1, query.ask);
      assert.equal(first.value, second.value, query.ask);
    }
  });

  it('takes what leaves its namespace empty for what names none: it may live in any', () => {
    const text = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  namespace:\n';
    const { objects } = readObjects({ file: 'web.yaml', text });
    const subject = subjectOf(one('a/pod.yaml', 'Pod', 'shop'), undefined);
    const answer = bundle(objects, undefined).ask(inNamespace(Service, 'shop', []), subject);
    assert.deepEqual(answer, { known: true, value: objects.map(({ object }) => object) });
    assert.equal(objects.length, 1);
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

  describe('asked for objects wherever they are', () => {
    const service = (file: string, name: string, namespace?: string, type = 'ClusterIP') => {
      const object = { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace }, spec: { type } };
      const [found] = readObjects({ file, text: JSON.stringify(object) }).objects;
      assert.ok(found);
      return found;
    };
    const files = [
      service('a/web.yaml', 'web', 'shop', 'LoadBalancer'),
      service('b/till.yaml', 'till', 'bank'),
      service('b/lost.yaml', 'lost'),
    ];
    const names = (query: Query, subject = one('a/pod.yaml', 'Pod', 'shop')) => {
      const answer = bundle(files, undefined).ask(query, subjectOf(subject, undefined)) as Answer<
        KubeObject[]
      >;
      assert.ok(answer.known);
      return answer.value.map(({ metadata }) => metadata?.name);
    };

    it('finds those of all namespaces, and of them those whose fields have these values', () => {
      assert.deepEqual(names(inCluster(Service, [])), ['web', 'till', 'lost']);
      assert.deepEqual(names(inCluster(Service, [], { 'spec.type': 'LoadBalancer' })), ['web']);
    });

    it('finds those of the namespace that is told, and those that may be in any', () => {
      assert.deepEqual(names(inNamespace(Service, 'bank', [])), ['till', 'lost']);
    });

    it('finds those of the namespace that the subject names, and none where it names none', () => {
      const there = inNamespace(Service, ['metadata', 'namespace'], []);
      assert.deepEqual(names(there), ['web', 'lost']);
      assert.deepEqual(names(inNamespace(Service, ['spec', 'service', 'namespace'], [])), []);
    });
  });

  it('counts what is about to be applied, in the place of what is there', () => {
    const balancer = (name: string, type: string) => {
      const object = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: 'shop' },
        spec: { type },
      };
      const [found] = readObjects({ file: `${type}.yaml`, text: JSON.stringify(object) }).objects;
      assert.ok(found);
      return found;
    };
    const there = [balancer('web', 'LoadBalancer'), balancer('till', 'LoadBalancer')];
    const brought = [balancer('web', 'ClusterIP'), balancer('new', 'LoadBalancer')];
    const world = applied(brought, bundle(there, undefined));
    const asked = (query: Query) => {
      const answer = world.ask(query, subjectOf(one('a/pod.yaml', 'Pod', 'shop'), undefined));
      return (answer as { value: KubeObject[] }).value.map(({ metadata }) => metadata?.name);
    };
    assert.deepEqual(asked(inCluster(Service, [], { 'spec.type': 'LoadBalancer' })), ['new', 'till']);
    assert.deepEqual(asked(inNamespace(Service, 'shop', [])), ['web', 'new', 'till']);
    assert.deepEqual(asked(inNamespace(Service, 'bank', [])), []);
  });
});
