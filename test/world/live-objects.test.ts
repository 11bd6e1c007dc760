import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { builtInKinds, CronJob, Deployment, type Kind, Namespace, Pod } from '../../src/kubernetes/kinds.ts';
import { asWritten, type Needs, targetVersion } from '../../src/model/query.ts';
import { Release } from '../../src/model/release.ts';
import type { Rule, Severity } from '../../src/model/rule.ts';
import { known, type Operation, unknown } from '../../src/model/subject.ts';
import { liveKinds, liveObjects, type RunningLiveObjects } from '../../src/world/live-objects.ts';
import { until } from '../e2e/until.ts';
import { FakeApiServer } from './fake-api-server.ts';

const DEPLOYMENTS = '/apis/apps/v1/deployments';

describe('live objects', () => {
  const folder = mkdtempSync(join(tmpdir(), 'premortem-live-'));
  let api: FakeApiServer;
  let live: RunningLiveObjects;

  before(() => writeFileSync(join(folder, 'ca.crt'), ''));
  after(() => rmSync(folder, { recursive: true }));
  beforeEach(async () => {
    writeFileSync(join(folder, 'token'), 'first\n');
    api = new FakeApiServer();
    await api.start();
    live = await looking(10_000);
  });
  afterEach(async () => {
    live.stop();
    await api.stop();
  });

  function looking(deadlineMs: number): Promise<RunningLiveObjects> {
    const cluster = { server: api.url, serviceAccount: folder };
    return liveObjects([Deployment], { cluster, deadlineMs });
  }

  function deployment(name: string, spec: object = { replicas: 2 }) {
    return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec };
  }

  function get(
    name: string,
    { kind = Deployment as Kind<unknown>, namespace = 'shop', signal = NEVER } = {},
  ) {
    return live.get(kind, namespace, name, signal);
  }

  it('are found by name, in the memory of the API server', async () => {
    api.store(DEPLOYMENTS, deployment('till'));
    const answer = await get('till');
    assert.ok(answer.known);
    assert.deepEqual(answer.value?.spec, { replicas: 2 });
    assert.deepEqual(api.requests, ['get /apis/apps/v1/namespaces/shop/deployments/till?resourceVersion=0']);
    assert.deepEqual([...api.tokens], ['Bearer first']);
  });

  it('are known not to be there', async () => {
    assert.deepEqual(await get('till'), known(undefined));
  });

  it('are asked for one after the other over the same few connections', async () => {
    api.store(DEPLOYMENTS, deployment('till'));
    for (let i = 0; i < 30; i++) assert.ok((await get('till')).known);
    assert.ok(api.connections <= 2);
    const answers = await Promise.all(Array.from({ length: 100 }, () => get('till')));
    assert.ok(answers.every(answer => answer.known));
    assert.equal(api.mostAtOnce, 8);
    assert.ok(api.connections <= 16);
  });

  it('of other kinds are unknown, and nobody is asked', async () => {
    assert.deepEqual(await get('till', { kind: CronJob }), unknown('live CronJob objects are not looked up'));
    assert.deepEqual(api.requests, []);
  });

  it('cannot have a name that leads elsewhere', async () => {
    for (const name of ['', '.', '..', '../secrets/a', 'a/b', '%2e%2e', 'a'.repeat(254), '\ud800']) {
      assert.deepEqual(await get(name), unknown('no Deployment can have such a name'), name);
      assert.deepEqual(await get('till', { namespace: name }), unknown('no Deployment can have such a name'));
    }
    assert.deepEqual(api.requests, []);
    assert.deepEqual(await get('a?b#c d'), known(undefined));
    assert.match(api.requests[0] ?? '', /deployments\/a%3Fb%23c%20d\?resourceVersion=0$/);
  });

  it('are unknown, in words that quote nothing, when the API server does not give them', async () => {
    for (const [status, because] of [
      [403, 'premortem may not read live Deployment objects'],
      [401, 'premortem may not read live Deployment objects'],
      [404, 'the API server answered HTTP 404 for the live Deployment'],
      [429, 'the API server answered HTTP 429 for the live Deployment'],
      [500, 'the API server answered HTTP 500 for the live Deployment'],
      [302, 'the API server answered HTTP 302 for the live Deployment'],
    ] as const) {
      api.refuseWith = status;
      assert.deepEqual(await get('till'), unknown(because));
    }
  });

  it('are unknown when the answer is none, or too large', async () => {
    const because = unknown('the API server sent no Deployment that can be read');
    api.store(DEPLOYMENTS, { ...deployment('till'), kind: 'Secret' });
    assert.deepEqual(await get('till'), because);
    api.store(DEPLOYMENTS, deployment('till', { note: 'a'.repeat(4 * 2 ** 20) }));
    assert.deepEqual(await get('till'), because);
    api.store(DEPLOYMENTS, deployment('till'));
    assert.ok((await get('till')).known);
  });

  it('are unknown while the API server is away, and known after', async () => {
    await get('till');
    await api.stop();
    assert.deepEqual(await get('till'), unknown('the API server cannot be reached for the live Deployment'));
    await api.start();
    assert.deepEqual(await get('till'), known(undefined));
  });

  it('are unknown after a while when no answer comes, for those who wait for their turn too', async () => {
    live.stop();
    live = await looking(200);
    api.silent = true;
    const begun = performance.now();
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('till')));
    assert.ok(performance.now() - begun < 5000);
    const late = unknown('the API server did not answer in time for the live Deployment');
    for (const answer of answers) assert.deepEqual(answer, late);
    assert.equal(api.requests.length, 8);
    assert.deepEqual(await get('till', { signal: AbortSignal.abort() }), late);
    assert.deepEqual(await get('till', { signal: AbortSignal.timeout(20) }), late);
    api.silent = false;
    await until('it is answered again', 10, async () => (await get('till')).known);
  });

  it('are asked for with another token once the first is not taken any more', async () => {
    await get('till');
    writeFileSync(join(folder, 'token'), 'second\n');
    api.refuseWith = 401;
    await get('till');
    api.refuseWith = undefined;
    assert.deepEqual(await get('till'), known(undefined));
    assert.deepEqual([...api.tokens], ['Bearer first', 'Bearer second']);
  });

  it('are unknown without a token, until there is one', async () => {
    rmSync(join(folder, 'token'));
    assert.deepEqual(await get('till'), unknown('the API server cannot be reached for the live Deployment'));
    writeFileSync(join(folder, 'token'), 'second\n');
    assert.deepEqual(await get('till'), known(undefined));
  });

  it('are unknown once nobody looks for them any more', async () => {
    live.stop();
    assert.equal((await get('till')).known, false);
    assert.deepEqual(api.requests, []);
  });
});

describe('the kinds whose live objects are looked up', () => {
  const secret = builtInKinds.find(({ name }) => name === 'Secret') as Kind;

  function judging(
    kinds: readonly Kind<unknown>[],
    {
      severity = 'deny' as Severity,
      operations = ['CREATE', 'UPDATE'] as Operation[],
      needs = {} as Needs,
    } = {},
  ): Rule {
    return { kinds, severity, operations, needs } as unknown as Rule;
  }

  it('are those whose faults may refuse a change', () => {
    assert.deepEqual(liveKinds([judging([Pod, Deployment]), judging([Pod])]), [Pod, Deployment]);
    assert.deepEqual(liveKinds([judging([Pod], { severity: 'warn' })]), []);
    assert.deepEqual(liveKinds([judging([Pod], { operations: ['DELETE'] })]), []);
  });

  it('are none of whose author the cluster keeps no words', () => {
    for (const need of [asWritten, targetVersion])
      assert.deepEqual(liveKinds([judging([Pod], { needs: { need } })]), []);
  });

  it('are never confidential, cluster-wide or our own', () => {
    assert.deepEqual(liveKinds([judging([secret, Namespace, Release])]), []);
  });
});

const NEVER = new AbortController().signal;
