import assert from 'node:assert/strict';
import { APIService, EndpointSlice, Node, Service } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { inCluster, inNamespace, type Query } from '../../src/model/query.ts';
import type { Rule } from '../../src/model/rule.ts';
import { type Answer, known, unknown } from '../../src/model/subject.ts';
import { watchesFor } from '../../src/world/watch-plan.ts';
import type { WatchedWorld } from '../../src/world/watched.ts';
import { until } from '../e2e/until.ts';
import { FakeCluster } from './fake-cluster.ts';

const NODES = inCluster(Node, [
  ['spec', 'taints'],
  ['status', 'nodeInfo', 'kubeletVersion'],
]);
const BALANCERS = inCluster(Service, [['status', 'loadBalancer']], { 'spec.type': 'LoadBalancer' });
const IN_DEFAULT = inNamespace(Service, 'default', [['spec', 'clusterIPs']]);
const BEHIND = inNamespace(
  EndpointSlice,
  ['spec', 'service', 'namespace'],
  [
    ['metadata', 'labels', 'kubernetes.io/service-name'],
    ['endpoints', '*', 'conditions', 'ready'],
  ],
);

describe('the world of a watched cluster, of which it needs parts of objects', () => {
  const fake = new FakeCluster();
  let world: WatchedWorld;

  async function watch(...needs: Query[]): Promise<void> {
    const plans = watchesFor([{ needs: { ...needs } } as unknown as Rule]);
    world = await fake.watch(plans);
  }

  async function watching(...needs: Query[]): Promise<void> {
    await watch(...needs);
    await until('all has been listed', 5, async () => world.synced && fake.api.watching > needs.length / 2);
  }

  function ask(query: Query, spec: object = {}): Answer<KubeObject[]> {
    const object = { metadata: { name: 'v1beta1.metrics.k8s.io' }, spec };
    const subject = {
      operation: 'CREATE',
      kind: APIService,
      object,
      asWritten: unknown('not here'),
    } as const;
    return world.ask(query, subject) as Answer<KubeObject[]>;
  }

  function names(query: Query): unknown[] {
    const answer = ask(query);
    assert.ok(answer.known);
    return answer.value.map(({ metadata }) => `${metadata?.namespace}/${metadata?.name}`);
  }

  function node(name: string, kubeletVersion: string): void {
    fake.api.store('/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { zone: 'a' } },
      spec: { podCIDR: '10.0.0.0/24', taints: [{ key: 'a', effect: 'NoSchedule' }] },
      ...{ status: { nodeInfo: { kubeletVersion, osImage: 'Linux' }, images: [{ sizeBytes: 1 }] } },
    });
  }

  function service(namespace: string, name: string, type: string): void {
    const [spec, status] = [
      { type, clusterIPs: ['10.0.0.1'], selector: {} },
      { loadBalancer: { ingress: [] } },
    ];
    const metadata = { name, namespace };
    fake.api.store('/api/v1/services', { apiVersion: 'v1', kind: 'Service', metadata, spec, ...{ status } });
  }

  it('is unknown until they have been listed', async () => {
    fake.api.refuseWith = 403;
    await watch(NODES);
    await until('it has been refused', 5, async () => fake.api.count('list') > 1);
    assert.deepEqual(ask(NODES), unknown('Node objects are not known yet'));
  });

  it('holds the parts that rules have declared, and nothing else', async () => {
    node('one', 'v1.36.1');
    await watching(NODES);
    node('two', 'v1.28.0');
    await until('both are there', 5, async () => names(NODES).length === 2);
    const held = (name: string, kubeletVersion: string) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      spec: { taints: [{ key: 'a', effect: 'NoSchedule' }] },
      status: { nodeInfo: { kubeletVersion } },
    });
    assert.deepEqual(ask(NODES), known([held('one', 'v1.36.1'), held('two', 'v1.28.0')]));
  });

  it('sees what changes, and asks for nothing while it is asked', async () => {
    node('one', 'v1.28.0');
    await watching(NODES);
    const requests = fake.api.requests.length;
    for (let i = 0; i < 1000; i++) assert.equal(names(NODES).length, 1);
    assert.equal(fake.api.requests.length, requests);
    node('one', 'v1.36.1');
    await until('it is new', 5, async () => JSON.stringify(ask(NODES)).includes('v1.36.1'));
  });

  it('finds the objects of all namespaces whose fields have these values, or of one namespace', async () => {
    service('shop', 'web', 'LoadBalancer');
    service('bank', 'till', 'ClusterIP');
    service('default', 'kubernetes', 'ClusterIP');
    await watching(BALANCERS, inCluster(Service, []), IN_DEFAULT);
    assert.deepEqual(names(BALANCERS), ['shop/web']);
    assert.deepEqual(names(IN_DEFAULT), ['default/kubernetes']);
  });

  it('finds the endpoints in the namespace that the subject names, and how many are ready', async () => {
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'a',
        namespace: 'metrics',
        labels: { 'kubernetes.io/service-name': 'adapter', b: 'c' },
      },
      endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true, serving: true } }, { addresses: [] }],
    };
    fake.api.store('/apis/discovery.k8s.io/v1/endpointslices', slice);
    await watching(BEHIND);
    const { apiVersion, kind } = slice;
    assert.deepEqual(
      ask(BEHIND, { service: { namespace: 'metrics' } }),
      known([
        {
          apiVersion,
          kind,
          metadata: { name: 'a', namespace: 'metrics', labels: { 'kubernetes.io/service-name': 'adapter' } },
          endpoints: [{ conditions: { ready: true } }, {}],
        },
      ]),
    );
    assert.deepEqual(ask(BEHIND, { service: { namespace: 'shop' } }), known([]));
    assert.deepEqual(ask(BEHIND, { service: null }), known([]));
  });
});
