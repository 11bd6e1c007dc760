import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { freePorts } from '../e2e/ports.ts';
import { until } from '../e2e/until.ts';
import { ApiServer } from './api-server.ts';
import { Deployment } from './deployment.ts';
import { attack } from './hostile.ts';
import { losses, run } from './load.ts';
import type { Replica } from './replica.ts';
import { restartUnderLoad } from './restarts.ts';
import { review, writeReviews } from './reviews.ts';

const MiB = 1024 * 1024;
const BODY = review({ bytes: 4_096 });

describe('premortem serve, as a process', function () {
  this.timeout(60_000);
  let deployment: Deployment;
  beforeEach(async () => {
    deployment = await Deployment.make();
  });
  afterEach(() => deployment.close());

  const apiServer = (...replicas: Replica[]) =>
    new ApiServer({ endpoints: replicas.map(({ url }) => url), ca: deployment.ca });

  /** A request whose last byte is still to come. */
  async function halfAsked({ url }: Replica) {
    const outgoing = request(`${url}/validate/enforce?timeout=3s`, {
      method: 'POST',
      agent: new Agent({ keepAlive: true }),
      ca: deployment.ca,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY) },
    });
    outgoing.write(BODY.slice(0, -1));
    await wait(100);
    return outgoing;
  }

  describe('that is told to stop', () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      it(`by ${signal} still answers what it is being asked, and ends when it is told again`, async () => {
        const replica = await deployment.start();
        const outgoing = await halfAsked(replica);
        replica.kill(signal);
        await wait(100);
        outgoing.end(BODY.slice(-1));
        const [response] = await once(outgoing, 'response');
        assert.equal(response.statusCode, 200);
        assert.equal(response.headers.connection, 'close');
        await once(response.resume(), 'end');
        assert.equal((await fetch(`${replica.opsUrl}/readyz`)).status, 503);
        replica.kill(signal);
        assert.equal(await replica.ended, 0);
      });
    }

    it('twice ends although a connection is idle', async () => {
      const replica = await deployment.start();
      const { hostname: host, port } = new URL(replica.url);
      const idle = connect({ host, port: Number(port), ca: deployment.ca, servername: 'localhost' });
      idle.on('error', () => {});
      await once(idle, 'secureConnect');
      for (const _ of [1, 2]) replica.kill('SIGTERM');
      // Signals of one kind that are not taken yet are one (signal(7)).
      await wait(200);
      replica.kill('SIGTERM');
      assert.equal(await replica.ended, 0);
    });

    it('while it starts ends all the same', async () => {
      const moments = [0, 30, 100, 300, 600, 1_000];
      const ends = await Promise.all(
        moments.map(async ms => {
          const replica = deployment.begin();
          await wait(ms);
          replica.kill('SIGTERM');
          const again = setInterval(() => replica.kill('SIGTERM'), 500);
          const how = await replica.ended;
          clearInterval(again);
          return how;
        }),
      );
      for (const how of ends) assert.ok(how === 0 || how === 'SIGTERM', `${how}`);
    });
  });

  it('that is killed loses what it was asked at that moment and no more, and its port is free at once', async () => {
    const replica = await deployment.start();
    const { sent, lost } = await restartUnderLoad(deployment, { restarts: 1, rate: 100, signal: 'SIGKILL' });
    // For a second the Service leads to it still: of each three connections begun then, one is refused.
    assert.ok(lost < sent / 2, `${lost} of ${sent}`);
    replica.kill('SIGKILL');
    assert.equal(await replica.ended, 'SIGKILL');
    const next = await deployment.start({ port: Number(new URL(replica.url).port) });
    assert.equal(next.url, replica.url);
  });

  describe('in an environment that fails it', () => {
    const environments = {
      'whose stdin is closed': 'exec "$@" <&-',
      'with 64 file descriptors': 'ulimit -n 64; exec "$@"',
    };
    for (const [what, shell] of Object.entries(environments)) {
      it(`${what} answers`, async () => {
        const replica = await deployment.start({ shell });
        assert.equal((await apiServer(replica).ask(BODY)).status, 200);
      });
    }

    it('outlives more connections than it may have file descriptors', async () => {
      const replica = await deployment.start({ shell: 'ulimit -n 64; exec "$@"' });
      const hostile = await attack({ url: replica.url, habit: 'idle', senders: 100, bytes: 10 });
      await hostile.stop();
      await wait(500);
      assert.equal((await apiServer(replica).ask(BODY)).status, 200);
    });

    it('answers when the disk that its log goes to is full', async () => {
      const [port = 0] = await freePorts(1);
      const shell = 'exec "$@" > /dev/full';
      const replica = deployment.begin({ port, shell, args: ['--log-level', 'debug'] });
      replica.url = `https://127.0.0.1:${port}`;
      await until('it listens', 20, () =>
        apiServer(replica)
          .ask(BODY)
          .catch(() => undefined),
      );
      for (let i = 0; i < 5; i++) assert.equal((await apiServer(replica).ask(BODY)).status, 200);
    });

    it('answers when nobody reads its log any more', async () => {
      const replica = await deployment.start({ args: ['--log-level', 'debug'] });
      replica.process.stdout?.destroy();
      const one = apiServer(replica);
      for (let i = 0; i < 5; i++) assert.equal((await one.ask(BODY)).status, 200);
      replica.kill('SIGTERM');
      await wait(200);
      replica.kill('SIGTERM');
      assert.equal(await replica.ended, 0);
    });
  });

  it('answers small requests while it judges the largest that there are', async () => {
    const replica = await deployment.start();
    const target = { endpoints: [replica.url], ca: deployment.ca };
    const large = new ApiServer({ ...target, timeoutSeconds: 20 });
    const judged = [1, 2].map(() => large.ask(review({ bytes: 27 * MiB })));
    const file = writeReviews(deployment.folder, 'small', { bytes: 4_096 });
    const mixed = [{ sort: 'small', file, share: 1 }];
    const reports = await run({ ...target, mixed, phases: [{ name: 'small', seconds: 2, rate: 50 }] });
    assert.deepEqual(losses(reports), {});
    // Whether they were in time depends on the machine; that they end does not.
    await Promise.allSettled(judged);
    large.close();
  });

  it('answers late, and loses nothing, when it stood still for seconds, which its metrics tell', async () => {
    const replica = await deployment.start();
    const one = apiServer(replica);
    await one.ask(BODY);
    replica.kill('SIGSTOP');
    const asked = Array.from({ length: 10 }, () => one.ask(BODY));
    await wait(2_000);
    replica.kill('SIGCONT');
    for (const { status } of await Promise.all(asked)) assert.equal(status, 200);
    assert.ok((await replica.metric('nodejs_eventloop_lag_max_seconds')) > 1);
    assert.equal((await fetch(`${replica.opsUrl}/healthz`)).status, 200);
  });

  it('that has no room sends the API server to the other replica, in time', async () => {
    const [full, other] = await Promise.all([deployment.start(), deployment.start()]);
    const hostile = await attack({ url: full.url, habit: 'withheld', senders: 30, bytes: 3 * MiB });
    // Each begins with the replica that is full.
    const body = review({ bytes: 200_000 });
    const asked = Array.from({ length: 10 }, async (_, i) => {
      await wait(i * 200);
      const one = apiServer(full, other);
      const { status } = await one.ask(body).finally(() => one.close());
      return status;
    });
    const statuses = (await Promise.allSettled(asked)).map(end =>
      'value' in end ? end.value : `${end.reason}`,
    );
    assert.deepEqual(new Set(statuses), new Set([200]));
    await hostile.stop();
  });
});
