import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { CronJob, LimitRange, Namespace, Pod } from '../../src/kubernetes/kinds.ts';
import { asWritten, inSameNamespace, ownedByRelease, type Query } from '../../src/model/query.ts';
import { type Answer, type Operation, type Subject, unknown } from '../../src/model/subject.ts';
import { KubeconfigError } from '../../src/world/api-access.ts';
import { findCluster } from '../../src/world/cluster.ts';
import type { WatchPlan } from '../../src/world/watch-plan.ts';
import type { WatchedWorld, WatchOptions } from '../../src/world/watched.ts';
import { FakeCluster, TIMINGS } from './fake-cluster.ts';

const LIMITS = { limits: [{ type: 'Container', defaultRequest: { memory: '64Mi' } }] };
const LIMIT_RANGES: WatchPlan = { kind: LimitRange, parts: [['spec']], labels: {}, fields: {} };

describe('the world of a watched cluster', () => {
  const fake = new FakeCluster();
  let logged: string[];

  beforeEach(() => {
    logged = [];
  });

  function watched(options: Partial<WatchOptions> = {}) {
    const log = (facts: object, message: string) => logged.push(`${message} ${JSON.stringify(facts)}`);
    return fake.watch([LIMIT_RANGES], { logger: { info: log, warn: log }, ...options });
  }

  async function watching(options = {}) {
    const world = await watched(options);
    await until(() => fake.api.watching === 1);
    return world;
  }

  it('is unknown until the first list, and known from then on', async () => {
    fake.api.put('shop', 'defaults', LIMITS);
    const world = await watched();
    assert.deepEqual(ask(world, 'shop'), unknown('LimitRange objects are not known yet'));
    assert.equal(world.synced, false);
    assert.deepEqual([...world.sights], [['LimitRange', false]]);
    await until(() => world.synced);
    assert.deepEqual(names(world, 'shop'), ['defaults']);
    assert.deepEqual([...world.sights], [['LimitRange', true]]);
  });

  it('knows that there is nothing, once an empty list has come', async () => {
    const world = await watched();
    await until(() => world.synced);
    assert.deepEqual(ask(world, 'shop'), { known: true, value: [] });
  });

  it('holds of an object what rules read and no more, listed or told', async () => {
    fake.api.put('shop', 'listed', LIMITS);
    const world = await watching();
    fake.api.put('shop', 'told', LIMITS);
    await until(() => names(world, 'shop').length === 2);
    const held = (name: string) => ({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name, namespace: 'shop' },
      spec: LIMITS,
    });
    assert.deepEqual(ask(world, 'shop'), { known: true, value: [held('listed'), held('told')] });
  });

  it('sees what is added, changed and deleted, each in its namespace', async () => {
    const world = await watching();
    fake.api.put('shop', 'defaults', LIMITS);
    fake.api.put('bank', 'defaults', {});
    await until(() => names(world, 'shop').length === 1 && names(world, 'bank').length === 1);
    fake.api.put('shop', 'defaults', { limits: [] });
    await until(() => JSON.stringify(ask(world, 'shop')).includes('"limits":[]'));
    fake.api.remove('shop', 'defaults');
    await until(() => names(world, 'shop').length === 0);
    assert.deepEqual(names(world, 'bank'), ['defaults']);
  });

  it('asks from memory: a thousand answers cost the API server one list', async () => {
    const world = await watching();
    for (let i = 0; i < 1000; i++) assert.ok(ask(world, `namespace-${i}`).known);
    assert.deepEqual(fake.api.requests, [
      'list /api/v1/limitranges?resourceVersion=0',
      'watch /api/v1/limitranges?watch=true&resourceVersion=100&allowWatchBookmarks=true&timeoutSeconds=25',
    ]);
  });

  it('becomes known when the API server comes up after it', async () => {
    await fake.api.stop();
    const world = await watched();
    await until(() => logged.length > 0);
    assert.match(logged[0] ?? '', /^cannot be watched for now .*ECONNREFUSED/);
    assert.equal(ask(world, 'shop').known, false);
    fake.api.put('shop', 'defaults', LIMITS);
    await fake.api.start();
    await until(() => names(world, 'shop').length === 1);
  });

  it('goes on with what it holds while the API server is away, and catches up after', async () => {
    fake.api.put('shop', 'defaults', LIMITS);
    const world = await watching();
    await fake.api.stop();
    await until(() => logged.some(line => line.includes('ECONNREFUSED')));
    assert.deepEqual(names(world, 'shop'), ['defaults']);
    fake.api.remove('shop', 'defaults');
    fake.api.put('shop', 'others', LIMITS);
    await fake.api.start();
    await until(() => names(world, 'shop').includes('others'));
    assert.deepEqual(names(world, 'shop'), ['others']);
  });

  it('recovers from a cut connection', async () => {
    const world = await watching();
    fake.api.dropWatches();
    await until(() => fake.api.count('watch') === 2 && fake.api.watching === 1);
    fake.api.put('shop', 'defaults', LIMITS);
    await until(() => names(world, 'shop').length === 1);
    assert.match(logged.at(-1) ?? '', /^listed/);
  });

  it('tells a lasting problem once', async () => {
    fake.api.refuseWith = 403;
    await watched();
    await until(() => fake.api.count('list') > 3);
    assert.deepEqual(logged, ['cannot be watched for now {"kind":"LimitRange","problem":"HTTP 403"}']);
  });

  it('lists again when the API server has forgotten what changed, which is no problem', async () => {
    fake.api.put('shop', 'old', LIMITS);
    const world = await watching({ timings: { ...TIMINGS, firstRetryMs: 0 } });
    fake.api.endWatches();
    fake.api.remove('shop', 'old');
    fake.api.forget();
    await until(() => names(world, 'shop').length === 0);
    await until(() => fake.api.watching === 1);
    fake.api.forget();
    await until(() => fake.api.count('list') === 3 && fake.api.watching === 1);
    fake.api.put('shop', 'new', LIMITS);
    await until(() => names(world, 'shop').includes('new'));
    assert.deepEqual(logged, ['listed {"kind":"LimitRange","objects":1}']);
  });

  it('goes on from where it was, without a list, when a watch ends in good order', async () => {
    fake.api.put('shop', 'one', LIMITS);
    const world = await watching({ timings: { ...TIMINGS, firstRetryMs: 0 } });
    fake.api.put('shop', 'two', LIMITS);
    await until(() => names(world, 'shop').length === 2);
    fake.api.endWatches();
    await until(() => fake.api.count('watch') === 2);
    fake.api.put('shop', 'three', LIMITS);
    await until(() => names(world, 'shop').length === 3);
    assert.equal(fake.api.count('list'), 1);
    assert.match(fake.api.requests.at(-1) ?? '', /resourceVersion=102/);
    assert.deepEqual(
      logged.filter(line => line.startsWith('cannot')),
      [],
    );
  });

  it('pauses when a watch is ended as soon as it has begun', async () => {
    await watching({ timings: { ...TIMINGS, firstRetryMs: 60_000, longestRetryMs: 60_000 } });
    fake.api.endWatches();
    await wait(200);
    assert.equal(fake.api.requests.length, 2);
  });

  it('is unknown again after minutes out of touch, and known when it is back', async () => {
    let now = 0;
    const world = await watching({ now: () => now });
    now += TIMINGS.staleMs;
    assert.equal(ask(world, 'shop').known, true);
    now += 1;
    assert.deepEqual(
      ask(world, 'shop'),
      unknown('LimitRange objects have been out of sight for minutes and may have changed'),
    );
    assert.equal(world.synced, true, 'which keeps the webhook ready');
    assert.deepEqual([...world.sights], [['LimitRange', false]]);
    fake.api.put('shop', 'defaults', LIMITS);
    await until(() => ask(world, 'shop').known);
  });

  it('uses the token that is in the file at the time', async () => {
    await watching();
    writeFileSync(join(fake.folder, 'token'), 'second\n');
    fake.api.dropWatches();
    await until(() => fake.api.tokens.size === 2);
    assert.deepEqual([...fake.api.tokens], ['Bearer first', 'Bearer second']);
  });

  it('says so when an answer is no list, without quoting it', async () => {
    const server = createServer(socket => socket.end('HTTP/1.1 200 OK\r\n\r\n{"items": "SECRET"}'));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as { port: number };
    const world = await watched({
      cluster: { server: `http://127.0.0.1:${port}`, serviceAccount: fake.folder },
      logger: { info: assert.fail, warn: (facts, message) => logged.push(message + JSON.stringify(facts)) },
    });
    await until(() => logged.length > 0);
    assert.doesNotMatch(logged.join(), /SECRET/);
    assert.equal(world.synced, false);
    world.stop();
    server.close();
  });

  it('answers nothing else, and knows no files', async () => {
    const world = await watching();
    assert.equal(ask(world, 'shop', inSameNamespace(CronJob)).known, false);
    assert.equal(ask(world, 'shop', ownedByRelease(Namespace), 'UPDATE').known, false);
    assert.equal(ask(world, 'shop', asWritten).known, false);
    assert.equal(ask(world, undefined).known, false);
    assert.equal(world.originOf({}), undefined);
  });

  describe('when it is stopped', () => {
    for (const moment of ['at once', 'listed', 'failed', 'connecting']) {
      it(`keeps no process alive: ${moment}`, async () => {
        // A server that takes connections and says nothing.
        const silent = createServer(() => {});
        await once(silent.listen(0, '127.0.0.1'), 'listening');
        const { port } = silent.address() as { port: number };
        if (moment === 'failed') await fake.api.stop();
        const server = moment === 'connecting' ? `http://127.0.0.1:${port}` : fake.api.url;
        const hardened = ['--disable-proto=delete', '--disallow-code-generation-from-strings'];
        const script = join(import.meta.dirname, 'watch-then-stop.ts');
        const child = spawn(process.execPath, [...hardened, script, server, fake.folder, moment], {
          stdio: 'inherit',
          timeout: 10_000,
        });
        const [code] = await once(child, 'exit');
        silent.close();
        assert.equal(code, 0);
      });
    }

    it('asks for nothing more, and says what it knew', async () => {
      fake.api.put('shop', 'defaults', LIMITS);
      const world = await watching();
      world.stop();
      await until(() => fake.api.watching === 0);
      const requests = fake.api.requests.length;
      await wait(5 * TIMINGS.longestRetryMs);
      assert.equal(fake.api.requests.length, requests);
      assert.deepEqual(names(world, 'shop'), ['defaults']);
      assert.deepEqual(logged.length, 1);
    });
  });

  describe('in a kubeconfig', () => {
    it('is found by its current context', async () => {
      const file = join(fake.folder, 'kubeconfig');
      const config = {
        clusters: [{ name: 'c', cluster: { server: fake.api.url, 'insecure-skip-tls-verify': true } }],
        users: [{ name: 'u', user: { token: 'mine' } }],
        contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'x',
      };
      writeFileSync(file, JSON.stringify(config));
      const logger = { info: () => {}, warn: assert.fail };
      const world = await watched({ cluster: { kubeconfig: file }, logger });
      await until(() => fake.api.watching === 1);
      fake.api.put('shop', 'defaults', LIMITS);
      await until(() => names(world, 'shop').length === 1);
      assert.deepEqual([...fake.api.tokens], ['Bearer mine']);
    });

    for (const [what, text] of [
      ['missing', undefined],
      ['no YAML', 'token: {SECRET'],
      ['without a context', 'apiVersion: v1\nkind: Config\nusers: [{name: u, user: {token: SECRET}}]\n'],
    ] as const) {
      it(`is refused in words when it is ${what}`, async () => {
        const file = join(fake.folder, `kubeconfig-${what.replaceAll(' ', '-')}`);
        if (text !== undefined) writeFileSync(file, text);
        const logger = { info: assert.fail, warn: assert.fail };
        await assert.rejects(watched({ cluster: { kubeconfig: file }, logger }), error => {
          assert.ok(error instanceof KubeconfigError);
          assert.ok(error.message.includes(file));
          assert.doesNotMatch(error.message, /SECRET|\n/);
          return true;
        });
      });
    }
  });
});

describe('the cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'premortem-cluster-'));
  const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
  after(() => rmSync(folder, { recursive: true }));

  it('is the one that we run in', () => {
    assert.equal(findCluster(undefined, inPod, folder), undefined, 'without a token');
    writeFileSync(join(folder, 'token'), '');
    assert.deepEqual(findCluster(undefined, inPod, folder), {
      server: 'https://10.0.0.1:443',
      serviceAccount: folder,
    });
    assert.deepEqual(findCluster(undefined, { ...inPod, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder), {
      server: 'https://[fd00::1]:443',
      serviceAccount: folder,
    });
    assert.equal(findCluster(undefined, {}, folder), undefined, 'outside of any');
  });

  it('is rather the one that was named', () => {
    assert.deepEqual(findCluster('my.kubeconfig', inPod, folder), { kubeconfig: 'my.kubeconfig' });
  });
});

function ask(
  world: WatchedWorld,
  namespace: string | undefined,
  query: Query = inSameNamespace(LimitRange),
  operation: Operation = 'CREATE',
): Answer<unknown> {
  const object = namespace === undefined ? {} : { metadata: { namespace } };
  const subject: Subject = { operation, kind: Pod, object, asWritten: unknown('not here') };
  return world.ask(query, subject);
}

function names(world: WatchedWorld, namespace: string): string[] {
  const answer = ask(world, namespace) as Answer<{ metadata: { name: string } }[]>;
  return answer.known ? answer.value.map(({ metadata }) => metadata.name) : [];
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${condition}`);
    await wait(5);
  }
}
