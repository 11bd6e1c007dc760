import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { V1LimitRange } from '@kubernetes/client-node';
import { LimitRange, Pod } from '../../src/kubernetes/kinds.ts';
import { inSameNamespace } from '../../src/model/query.ts';
import { type Answer, unknown } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import type { Cluster } from '../../src/world/cluster.ts';
import { watchesFor } from '../../src/world/watch-plan.ts';
import { type WatchedWorld, watchWorld } from '../../src/world/watched.ts';
import { findBinaries } from '../e2e/binaries.ts';
import { ControlPlane } from '../e2e/control-plane.ts';
import { until } from '../e2e/until.ts';

const MANIFESTS = join(import.meta.dirname, '../../manifests/base');
const binaries = findBinaries();

describe('the world of a real cluster, watched with the rights of our manifests', function () {
  this.timeout(30_000);
  if (typeof binaries === 'string') {
    it.skip(binaries);
    return;
  }
  const plane = new ControlPlane({ ...binaries, hasControllers: false });
  let road: Road;
  let world: WatchedWorld;

  before(async () => {
    await plane.start();
    for (const file of ['00-namespace.yaml', '10-service-account.yaml', '20-rbac.yaml'])
      await kubectl('apply', '-f', join(MANIFESTS, file));
    await kubectl('create', 'namespace', 'shop');
    road = await Road.to(apiServerOf(plane).port);
    world = await watchWorld(watchesFor(rules), { cluster: await inCluster(), logger, timings: TIMINGS });
    await until('the first list has come', 10, async () => world.synced);
  });
  after(async () => {
    world?.stop();
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

  it('has no other right', async () => {
    const asPremortem = '--as=system:serviceaccount:premortem:premortem';
    for (const [verb, resource] of [
      ['list', 'secrets'],
      ['list', 'pods'],
      ['create', 'limitranges'],
      ['delete', 'limitranges'],
    ] as const) {
      const { stdout } = await plane.kubectl(['auth', 'can-i', verb, resource, '-A', asPremortem]);
      assert.equal(stdout.trim(), 'no', `${verb} ${resource}`);
    }
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

  async function put(memory: string): Promise<void> {
    const limits = [{ type: 'Container', defaultRequest: { memory } }];
    const metadata = { name: 'defaults', namespace: 'shop' };
    const { code, stderr } = await plane.kubectl(['apply', '-f', '-'], {
      stdin: JSON.stringify({ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits } }),
    });
    assert.equal(code, 0, stderr);
  }

  function sees(...expected: string[]): Promise<unknown> {
    return until(`it sees ${expected}`, 10, async () => `${requests()}` === `${expected}`);
  }

  /** The default memory requests in the namespace. */
  function requests(): (string | undefined)[] {
    const object = { metadata: { namespace: 'shop' } };
    const subject = { operation: 'CREATE', kind: Pod, object, asWritten: unknown('not here') } as const;
    const answer = world.ask(inSameNamespace(LimitRange), subject) as Answer<V1LimitRange[]>;
    assert.ok(answer.known);
    return answer.value.flatMap(({ spec }) => spec?.limits.map(limit => limit.defaultRequest?.memory));
  }
});

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
