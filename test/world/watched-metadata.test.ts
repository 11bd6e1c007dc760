import assert from 'node:assert/strict';
import { type Kind, Namespace, PersistentVolumeClaim, Service } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { named, ownedByRelease, type Query } from '../../src/model/query.ts';
import { Release, release } from '../../src/model/release.ts';
import { type Answer, type Operation, unknown } from '../../src/model/subject.ts';
import type { WatchPlan } from '../../src/world/watch-plan.ts';
import type { WatchedWorld } from '../../src/world/watched.ts';
import { until } from '../e2e/until.ts';
import { FakeCluster } from './fake-cluster.ts';

describe('the world of a watched cluster, of which it needs the metadata', () => {
  const NAMESPACES: WatchPlan = { kind: Namespace, parts: [], labels: {}, fields: {} };
  const CLAIMS: WatchPlan = {
    kind: PersistentVolumeClaim,
    parts: [],
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    fields: { 'metadata.name': 'data', 'metadata.namespace': 'shop' },
  };
  const SERVICES: WatchPlan = { kind: Service, parts: [['spec']], labels: {}, fields: {} };
  const AS = 'application/json;as=PartialObjectMetadata';
  const fake = new FakeCluster();
  let world: WatchedWorld;

  async function watching(...plans: WatchPlan[]): Promise<void> {
    world = await fake.watch(plans, { logger: { info: () => {}, warn: assert.fail } });
    await until('it is so', 5, async () => world.synced && fake.api.watching === plans.length);
  }

  function ask(query: Query, name = 'till', operation: Operation = 'UPDATE'): Answer<unknown> {
    const object = release(name, 'ci', []);
    return world.ask(query, { operation, kind: Release, object, asWritten: unknown('not here') });
  }

  function owned(name: string, kind: Kind<unknown>, operation: Operation = 'UPDATE'): Answer<KubeObject[]> {
    return ask(ownedByRelease(kind), name, operation) as Answer<KubeObject[]>;
  }

  const till = (more: Record<string, unknown> = {}) => ({
    'meta.helm.sh/release-name': 'till',
    'meta.helm.sh/release-namespace': 'ci',
    ...more,
  });

  function namespace(name: string, annotations: Record<string, unknown>, more: object = {}): void {
    const metadata = { name, annotations, ...more };
    const spec = { finalizers: ['kubernetes'] };
    fake.api.store('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata, spec });
  }

  function find(name: string): KubeObject | undefined {
    const answer = ask(named(Namespace, name)) as Answer<KubeObject | undefined>;
    assert.ok(answer.known);
    return answer.value;
  }

  function ownedNames(release = 'till', kind: Kind<unknown> = Namespace): (string | undefined)[] {
    const answer = owned(release, kind);
    assert.ok(answer.known);
    return answer.value.map(({ metadata }) => metadata?.name).toSorted();
  }

  it('asks for metadata alone, and only of what was planned', async () => {
    await watching(NAMESPACES, CLAIMS);
    const lists = `${AS}List;g=meta.k8s.io;v=v1`;
    const watches = `${AS};g=meta.k8s.io;v=v1`;
    const selectors =
      'labelSelector=app.kubernetes.io%2Fmanaged-by%3DHelm&' +
      'fieldSelector=metadata.name%3Ddata%2Cmetadata.namespace%3Dshop';
    const watch = 'resourceVersion=100&allowWatchBookmarks=true&timeoutSeconds=25';
    assert.deepEqual(fake.api.requests.toSorted(), [
      `list /api/v1/namespaces?resourceVersion=0 ${lists}`,
      `list /api/v1/persistentvolumeclaims?${selectors}&resourceVersion=0 ${lists}`,
      `watch /api/v1/namespaces?watch=true&${watch} ${watches}`,
      `watch /api/v1/persistentvolumeclaims?watch=true&${selectors}&${watch} ${watches}`,
    ]);
  });

  it('holds of it what somebody reads, and no more', async () => {
    const read = till({ 'helm.sh/resource-policy': 'keep', 'helm.sh/hook': 'pre-install' });
    const unread = { 'example.org/note': 'long' };
    const ours = { 'premortem.dev/confirm-delete': 'shop', 'waive.premortem.dev/some-rule': 'we know' };
    const deletionTimestamp = '2026-11-21T10:00:00Z';
    namespace(
      'shop',
      { ...unread, ...read, ...ours },
      { labels: { 'premortem.dev/mode': 'warn', team: 'a' }, deletionTimestamp, uid: 'u', finalizers: ['f'] },
    );
    await watching(NAMESPACES);
    const metadata = {
      name: 'shop',
      deletionTimestamp,
      labels: { 'premortem.dev/mode': 'warn' },
      annotations: { ...read, ...ours },
    };
    assert.deepEqual(find('shop'), { apiVersion: 'v1', kind: 'Namespace', metadata });
    assert.equal(find('bank'), undefined);
  });

  it('takes an annotation that is too long for one that is not there', async () => {
    const endless = 'keep'.padEnd(1001);
    namespace('shop', till({ 'helm.sh/resource-policy': endless, 'premortem.dev/confirm-delete': endless }));
    namespace('bank', till({ 'helm.sh/resource-policy': 7 }));
    const many = Array.from({ length: 500 }, (_, i) => [`waive.premortem.dev/${i}`, 'why']);
    namespace('till', { ...Object.fromEntries(many), ...till() });
    await watching(NAMESPACES);
    assert.deepEqual(find('shop')?.metadata?.annotations, till());
    assert.deepEqual(find('bank')?.metadata?.annotations, till());
    assert.equal(Object.keys(find('till')?.metadata?.annotations ?? {}).length, 52);
    assert.deepEqual(ownedNames(), ['bank', 'shop', 'till']);
  });

  it('knows what a release owns, and sees when that changes', async () => {
    namespace('shop', till());
    namespace('lonely', {});
    namespace('elsewhere', till({ 'meta.helm.sh/release-namespace': 'other' }));
    await watching(NAMESPACES);
    assert.deepEqual(ownedNames(), ['shop']);
    assert.deepEqual(ownedNames('__proto__'), []);
    namespace('lonely', till());
    await until('it is so', 5, async () => ownedNames().length === 2);
    namespace('shop', { 'meta.helm.sh/release-name': 'till' });
    await until('it is so', 5, async () => ownedNames().length === 1);
    assert.deepEqual(ownedNames(), ['lonely']);
    namespace('lonely', till(), { deletionTimestamp: '2026-11-21T10:00:00Z' });
    await until('it is so', 5, async () => ownedNames().length === 0);
    assert.ok(find('lonely'), 'which is there until it is gone');
  });

  it('knows at once that an install owns nothing yet', async () => {
    await fake.api.stop();
    world = await fake.watch([NAMESPACES]);
    assert.deepEqual(owned('till', Namespace, 'CREATE'), { known: true, value: [] });
    assert.deepEqual(owned('till', Namespace), unknown('Namespace objects are not known yet'));
  });

  it('compares for itself what the API server was not asked to', async () => {
    for (const [name, type] of Object.entries({ inside: 'ClusterIP', outside: 'LoadBalancer' })) {
      const metadata = { name, namespace: 'shop', annotations: till() };
      fake.api.store('/api/v1/services', { apiVersion: 'v1', kind: 'Service', metadata, spec: { type } });
    }
    await watching(SERVICES);
    assert.deepEqual(ownedNames('till', Service), ['inside', 'outside']);
    const query = ownedByRelease(Service, { 'spec.type': 'LoadBalancer' });
    const answer = ask(query) as Answer<KubeObject[]>;
    assert.ok(answer.known);
    assert.deepEqual(
      answer.value.map(({ metadata }) => metadata?.name),
      ['outside'],
    );
  });
});
