import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { V1APIService, V1LimitRange } from '@kubernetes/client-node';
import { availability } from '../../src/kubernetes/api-service.ts';
import { RESOURCE_POLICY } from '../../src/kubernetes/helm.ts';
import { ConfigMap, Deployment, LimitRange, Namespace, Pod, Service } from '../../src/kubernetes/kinds.ts';
import { annotation, type KubeObject, valueAt } from '../../src/kubernetes/object.ts';
import { inSameNamespace, named, ownedByRelease, type Query } from '../../src/model/query.ts';
import { Release, release } from '../../src/model/release.ts';
import type { Rule } from '../../src/model/rule.ts';
import { type Answer, known, type Subject, unknown } from '../../src/model/subject.ts';
import { addressNeeds, takenAddresses } from '../../src/model/taken-addresses.ts';
import { MODE_LABEL } from '../../src/model/verdict.ts';
import apiserviceBrokenBackend from '../../src/rules/apiservice-broken-backend.ts';
import { rules } from '../../src/rules/index.ts';
import namespaceStuckTerminating from '../../src/rules/namespace-stuck-terminating.ts';
import type { Cluster } from '../../src/world/cluster.ts';
import { liveKinds, liveObjects, type RunningLiveObjects } from '../../src/world/live-objects.ts';
import { watchesFor } from '../../src/world/watch-plan.ts';
import { type WatchedWorld, watchWorld } from '../../src/world/watched.ts';
import { findBinaries } from '../e2e/binaries.ts';
import { ControlPlane } from '../e2e/control-plane.ts';
import { until } from '../e2e/until.ts';

const MANIFESTS = join(import.meta.dirname, '../../manifests/base');
const binaries = findBinaries();

describe('the world of a real cluster, watched with the rights of our manifests', function () {
  this.timeout(60_000);
  if (typeof binaries === 'string') {
    it.skip(binaries);
    return;
  }
  const plane = new ControlPlane({ ...binaries, hasControllers: false });
  let road: Road;
  let cluster: Cluster;
  let world: WatchedWorld;
  let live: RunningLiveObjects;
  /** How far the clock of the world goes before that on the wall, in milliseconds. */
  let ahead = 0;

  before(async () => {
    await plane.start();
    for (const file of ['00-namespace.yaml', '10-service-account.yaml', '20-rbac.yaml'])
      await kubectl('apply', '-f', join(MANIFESTS, file));
    await kubectl('create', 'namespace', 'shop');
    road = await Road.to(apiServerOf(plane).port);
    cluster = await inCluster();
    const now = () => performance.now() + ahead;
    world = await watchWorld(watchesFor(rules), { cluster, logger, timings: TIMINGS, now });
    live = await liveObjects([...liveKinds(rules), ConfigMap], { cluster });
    await until('the first list has come', 10, async () => world.synced);
  });
  after(async () => {
    world?.stop();
    live?.stop();
    road?.close();
    await plane.stop({ keep: false });
  });

  it('knows that there is nothing yet', () => assert.deepEqual(requests(), []));

  it('sees what is added, changed and deleted', async () => {
    await put('64Mi');
    await sees('64Mi');
    await put('128Mi');
    await sees('128Mi');
    await kubectl('delete', 'limitrange', 'defaults', '-n', 'shop');
    await sees();
  });

  it('catches up with what happened while the connection was lost', async () => {
    await put('64Mi');
    await sees('64Mi');
    road.close();
    await put('256Mi');
    assert.deepEqual(requests(), ['64Mi']);
    await road.open();
    await sees('256Mi');
  });

  describe('of what releases own', () => {
    it('has the metadata alone in memory', () => {
      const { apiVersion, kind, metadata, ...others } = namespace('shop') ?? {};
      assert.deepEqual([apiVersion, kind, metadata], ['v1', 'Namespace', { name: 'shop' }]);
      assert.deepEqual(others, {});
    });

    it('sees how labels and annotations change, and who owns what', async () => {
      await kubectl('create', 'namespace', 'till');
      await until('it is there', 10, async () => namespace('till'));
      assert.deepEqual(owned('counter'), []);
      await ownByHelm('namespace', 'till');
      await until('it is owned', 10, async () => `${owned('counter')}` === 'till');
      await kubectl('label', 'namespace', 'till', 'premortem.dev/mode=warn');
      await until('it has a mode', 10, async () => namespace('till')?.metadata?.labels?.[MODE_LABEL]);
      await kubectl('annotate', 'namespace', 'till', 'helm.sh/resource-policy=keep');
      await until('it is kept', 10, async () => annotation(namespace('till'), RESOURCE_POLICY) === 'keep');
      await kubectl('annotate', 'namespace', 'till', 'helm.sh/resource-policy-');
      await until('it is not kept', 10, async () => !annotation(namespace('till'), RESOURCE_POLICY));
    });

    it('counts a Namespace that is being deleted as gone', async () => {
      // Without controllers it stays in this state for ever.
      await kubectl('delete', 'namespace', 'till', '--wait=false');
      await until('it goes', 10, async () => namespace('till')?.metadata?.deletionTimestamp);
      assert.deepEqual(owned('counter'), []);
    });
  });

  describe('of which a rule needs no more than some fields select', () => {
    let services: WatchedWorld;

    before(async () => {
      const [plan] = watchesFor([{ needs: { all: BALANCERS } } as unknown as Rule]).slice(-1);
      assert.ok(plan);
      const rights = ['--verb=list,watch', '--resource=services'];
      await kubectl('create', 'clusterrole', 'services', ...rights);
      const whom = '--serviceaccount=premortem:premortem';
      await kubectl('create', 'clusterrolebinding', 'services', '--clusterrole=services', whom);
      services = await watchWorld([plan], { cluster, logger, timings: TIMINGS });
      await until('the first list has come', 10, async () => services.synced);
    });
    after(async () => {
      services?.stop();
      await kubectl('delete', 'clusterrolebinding', 'services');
    });

    const names = () => found(services.ask(BALANCERS, upgrade('counter'))).join();

    it('sees what comes into the selection and what leaves it', async () => {
      for (const type of ['clusterip', 'loadbalancer']) {
        await kubectl('create', 'service', type, type, '--tcp=80', '-n', 'shop');
        await ownByHelm('service', type, '-n', 'shop');
      }
      await until('one is there', 10, async () => names() === 'loadbalancer');
      const patch = (type: string) =>
        kubectl('patch', 'service', 'clusterip', '-n', 'shop', '-p', JSON.stringify({ spec: { type } }));
      await patch('LoadBalancer');
      await until('both are there', 10, async () => names() === 'clusterip,loadbalancer');
      await patch('ClusterIP');
      await until('one is there again', 10, async () => names() === 'loadbalancer');
      await kubectl('label', 'service', 'loadbalancer', '-n', 'shop', 'app.kubernetes.io/managed-by-');
      await until('none is there', 10, async () => names() === '');
    });
  });

  describe('of all objects of a kind, and of one namespace', () => {
    const answered = <T>(query: Query<readonly T[]>, object: KubeObject = {}) =>
      knownOf(world.ask(query, { ...inShop(), object }) as Answer<readonly T[]>).value;
    const [metrics, broken] = ['v1beta1.metrics.k8s.io', apiserviceBrokenBackend.needs];

    it('knows whose the addresses are', async () => {
      const metadata = { name: 'worker-1' };
      const status = { addresses: [{ type: 'InternalIP', address: '10.9.8.7' }] };
      await apply({ apiVersion: 'v1', kind: 'Node', metadata, status });
      const taken = () =>
        takenAddresses({
          nodes: answered(addressNeeds.nodes),
          services: answered(addressNeeds.services),
          slices: answered(addressNeeds.slices),
        });
      await until('the Node is there', 10, async () => taken().get('10.9.8.7'));
      const listening = taken()
        .values()
        .filter(({ isApiServer }) => isApiServer)
        .map(({ listening }) => [...listening.keys()].join())
        .toArray();
      // Its Service; of one that listens on loopback there are no endpoints.
      assert.deepEqual(listening, ['443']);
    });

    it('knows which APIs answer, and who is behind them', async () => {
      const spec = {
        ...{ group: 'metrics.k8s.io', version: 'v1beta1', groupPriorityMinimum: 100, versionPriority: 100 },
        service: { name: 'metrics-server', namespace: 'shop' },
      };
      await apply({
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: metrics },
        spec: { ...spec, insecureSkipTLSVerify: true },
      });
      const { apis } = namespaceStuckTerminating.needs as { apis: Query<readonly V1APIService[]> };
      const [local, ours] = ['v1.apps', metrics].map(
        name => () => availability(answered(apis).find(({ metadata }) => metadata?.name === name) ?? EMPTY),
      );
      await until('it is broken', 10, async () => ours?.()?.available === false);
      assert.equal(local?.()?.available, true);

      const { services, slices } = broken as Record<string, Query<readonly KubeObject[]>>;
      assert.ok(services && slices);
      await kubectl('create', 'service', 'clusterip', 'metrics-server', '--tcp=443', '-n', 'shop');
      const labels = { 'kubernetes.io/service-name': 'metrics-server' };
      const [apiVersion, conditions] = ['discovery.k8s.io/v1', { ready: false }];
      const endpoints = [{ addresses: ['10.1.1.1'], conditions }];
      const metadata = { name: 'metrics-server', namespace: 'shop', labels };
      await apply({ apiVersion, kind: 'EndpointSlice', addressType: 'IPv4', metadata, endpoints });
      const asked = { spec };
      await until('both are there', 10, async () => answered(slices, asked).length > 0);
      assert.ok(answered(services, asked).some(({ metadata }) => metadata?.name === 'metrics-server'));
      assert.deepEqual(answered(slices, asked), [
        { apiVersion, kind: 'EndpointSlice', metadata, endpoints: [{ conditions }] },
      ]);
    });
  });

  describe('where it looks live objects up', () => {
    it('finds what is there, and knows what is not', async () => {
      await kubectl('create', 'deployment', 'till', '--image=till:1', '--replicas=3', '-n', 'shop');
      const answer = await until('it is found', 10, async () => {
        const { value } = knownOf(await deployment('till'));
        return value && { value };
      });
      assert.deepEqual(valueAt(answer.value, ['spec', 'replicas']), 3);
      assert.deepEqual(await deployment('other'), known(undefined));
    });

    it('does not know what it may not read', async () => {
      assert.deepEqual(
        await live.get(ConfigMap, 'shop', 'till', NEVER),
        unknown('premortem may not read live ConfigMap objects'),
      );
    });
  });

  it('has no other right', async () => {
    const asPremortem = '--as=system:serviceaccount:premortem:premortem';
    for (const [verb, resource] of [
      ['get', 'secrets'],
      ['list', 'secrets'],
      ['list', 'pods'],
      ['list', 'deployments.apps'],
      ['get', 'configmaps'],
      ['update', 'namespaces'],
      ['create', 'limitranges'],
      ['delete', 'limitranges'],
    ] as const) {
      const { stdout } = await plane.kubectl(['auth', 'can-i', verb, resource, '-A', asPremortem]);
      assert.equal(stdout.trim(), 'no', `${verb} ${resource}`);
    }
  });

  describe('when the API server crashes', () => {
    it('goes on, and sees what changed meanwhile', async () => {
      await plane.killApiServer();
      assert.deepEqual(requests(), ['256Mi'], 'from memory');
      const begun = performance.now();
      assert.deepEqual(
        await deployment('till'),
        unknown('the API server cannot be reached for the live Deployment'),
      );
      assert.ok(performance.now() - begun < 3000);
      ahead += TIMINGS.staleMs + 1000;
      assert.equal(world.ask(inSameNamespace(LimitRange), inShop()).known, false, 'for minutes out of sight');
      assert.equal(world.ask(named(Namespace, 'shop'), inShop()).known, false);

      road.close();
      await plane.startApiServer();
      await put('512Mi');
      await kubectl('label', 'namespace', 'shop', 'premortem.dev/mode=enforce');
      assert.equal(world.ask(named(Namespace, 'shop'), inShop()).known, false, 'as long as nobody tells it');
      await road.open();
      await until('it is known again', 10, async () => world.ask(named(Namespace, 'shop'), inShop()).known);
      await until('the mode is seen', 10, async () => namespace('shop')?.metadata?.labels?.[MODE_LABEL]);
      await until(
        'the limits are known',
        10,
        async () => world.ask(inSameNamespace(LimitRange), inShop()).known,
      );
      await sees('512Mi');
      assert.ok((await deployment('till')).known);
    });
  });

  async function kubectl(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await plane.kubectl(args);
    assert.equal(code, 0, stderr);
    return stdout;
  }

  /** What the kubelet puts into a pod. */
  async function inCluster(): Promise<Cluster> {
    const serviceAccount = join(plane.folder, 'serviceaccount');
    mkdirSync(serviceAccount);
    writeFileSync(join(serviceAccount, 'ca.crt'), apiServerOf(plane).authority);
    const token = await kubectl('create', 'token', 'premortem', '-n', 'premortem');
    writeFileSync(join(serviceAccount, 'token'), token);
    return { server: `https://localhost:${road.port}`, serviceAccount };
  }

  async function apply(object: object): Promise<void> {
    const { code, stderr } = await plane.kubectl(['apply', '-f', '-'], { stdin: JSON.stringify(object) });
    assert.equal(code, 0, stderr);
  }

  async function put(memory: string): Promise<void> {
    const limits = [{ type: 'Container', defaultRequest: { memory } }];
    const metadata = { name: 'defaults', namespace: 'shop' };
    await apply({ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits } });
  }

  /** What Helm writes on each object of its release `counter` in namespace `ci`. */
  async function ownByHelm(...object: string[]): Promise<void> {
    await kubectl('label', ...object, 'app.kubernetes.io/managed-by=Helm');
    const [name, namespace] = ['meta.helm.sh/release-name=counter', 'meta.helm.sh/release-namespace=ci'];
    await kubectl('annotate', ...object, name, namespace);
  }

  function deployment(name: string): Promise<Answer<KubeObject | undefined>> {
    return live.get(Deployment, 'shop', name, NEVER);
  }

  function namespace(name: string): KubeObject | undefined {
    return knownOf(world.ask(named(Namespace, name), inShop()) as Answer<KubeObject | undefined>).value;
  }

  /** The names of the Namespaces that a release owns. */
  function owned(name: string): (string | undefined)[] {
    return found(world.ask(ownedByRelease(Namespace), upgrade(name)));
  }

  function sees(...expected: string[]): Promise<unknown> {
    return until(`it sees ${expected}`, 10, async () => `${requests()}` === `${expected}`);
  }

  /** The default memory requests in the namespace. */
  function requests(): (string | undefined)[] {
    const answer = world.ask(inSameNamespace(LimitRange), inShop()) as Answer<V1LimitRange[]>;
    return knownOf(answer).value.flatMap(({ spec }) =>
      spec?.limits.map(limit => limit.defaultRequest?.memory),
    );
  }
});

const BALANCERS = ownedByRelease(Service, { 'spec.type': 'LoadBalancer' });
const EMPTY: V1APIService = {};
const NEVER = new AbortController().signal;

function inShop(): Subject {
  const object = { metadata: { namespace: 'shop' } };
  return { operation: 'CREATE', kind: Pod, object, asWritten: unknown('not here') };
}

function upgrade(name: string): Subject {
  const object = release(name, 'ci', []);
  return { operation: 'UPDATE', kind: Release, object, asWritten: unknown('not here') };
}

function knownOf<T>(answer: Answer<T>): { value: T } {
  assert.ok(answer.known, JSON.stringify(answer));
  return answer;
}

function found(answer: Answer<unknown>): (string | undefined)[] {
  return knownOf(answer as Answer<KubeObject[]>)
    .value.map(({ metadata }) => metadata?.name)
    .toSorted();
}

const logger = { info: () => {}, warn: () => {} };
const TIMINGS = { firstRetryMs: 100, longestRetryMs: 500, staleMs: 300_000 };

function apiServerOf({ folder }: ControlPlane): { port: number; authority: Buffer } {
  const { clusters } = JSON.parse(readFileSync(join(folder, 'admin.kubeconfig'), 'utf8'));
  const { server, 'certificate-authority-data': authority } = clusters[0].cluster;
  return { port: Number(new URL(server).port), authority: Buffer.from(authority, 'base64') };
}

/** A way to a port of this machine that can be closed, with everybody on it, and opened again. */
class Road {
  port = 0;
  readonly #destination: number;
  readonly #travelling = new Set<Socket>();
  #server: Server | undefined;

  static async to(destination: number): Promise<Road> {
    const road = new Road(destination);
    await road.open();
    return road;
  }

  private constructor(destination: number) {
    this.#destination = destination;
  }

  async open(): Promise<void> {
    this.#server = createServer(near => {
      const far = connect(this.#destination, 'localhost');
      for (const socket of [near, far]) {
        this.#travelling.add(socket);
        socket.on('error', () => {}).once('close', () => this.#travelling.delete(socket));
      }
      far.once('close', () => near.destroy());
      near.pipe(far).pipe(near);
    });
    await once(this.#server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server?.close();
    for (const socket of this.#travelling) socket.destroy();
  }
}
