import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { Deployment } from '../load/deployment.ts';
import { attack, type Habit } from '../load/hostile.ts';
import { losses, run, totalLost, totalSent } from '../load/load.ts';
import { restartUnderLoad } from '../load/restarts.ts';
import { writeReviews } from '../load/reviews.ts';
import { figure, perSecond, share } from './figure.ts';

const MiB = 1024 * 1024;

describe('premortem among faults', function () {
  this.timeout(0);
  let deployment: Deployment;
  beforeEach(async () => {
    deployment = await Deployment.make();
  });
  afterEach(() => deployment.close());

  const small = () => [
    { sort: '4 KB', file: writeReviews(deployment.folder, 'small', { bytes: 4_096 }), share: 1 },
  ];

  it('a hundred rolling restarts lose no request', async () => {
    const restarts = Math.ceil(100 * share);
    const { sent, losses, retries } = await restartUnderLoad(deployment, {
      restarts,
      rate: perSecond(1_000),
      signal: 'SIGTERM',
    });
    figure('rolling restarts', restarts);
    figure('rolling restarts, requests', sent);
    figure('rolling restarts, lost', JSON.stringify(losses));
    figure('rolling restarts, asked again', retries);
    assert.deepEqual(losses, {});
  });

  it('a replica that is killed loses what it was being asked', async () => {
    const killed = await restartUnderLoad(deployment, {
      restarts: 3,
      rate: perSecond(500),
      signal: 'SIGKILL',
    });
    figure('kill -9, three times, lost', `${JSON.stringify(killed.losses)} of ${killed.sent}`);
    assert.ok(killed.lost < killed.sent / 4);
  });

  it('connections that rest for as long as somebody has set as a time-out lose nothing', async () => {
    const { url } = await deployment.start();
    const connections = Math.ceil(1_000 * share);
    const rests = { 'about 5 s': [4_900, 6_200], 'about 90 s': [89_000, 92_000] } as const;
    const reports = await run({
      endpoints: [url],
      ca: deployment.ca,
      mixed: small(),
      phases: Object.entries(rests).map(([name, [from, to]]) => {
        return { name, seconds: 1, resting: connections, restMs: [from, to] };
      }),
    });
    figure('resting connections, requests', totalSent(reports));
    figure('resting connections, lost', totalLost(reports));
    assert.deepEqual(losses(reports), {});
  });

  it('an idle connection that the client closes is the end of the drain', async () => {
    const replica = await deployment.start();
    const [report] = await run({
      endpoints: [replica.url],
      ca: deployment.ca,
      mixed: small(),
      phases: [{ name: 'some', seconds: 1, clients: 5 }],
    });
    assert.deepEqual(report?.lost, {});
    const told = performance.now();
    replica.kill('SIGTERM');
    assert.equal(await replica.ended, 0);
    figure('drain of a replica that nobody asks, s', (performance.now() - told) / 1000);
  });

  const sets: { habit: Habit; senders: number; bytes: number }[] = [
    { habit: 'withheld', senders: 200, bytes: 3 * MiB },
    { habit: 'silent', senders: 1_000, bytes: 10 },
    { habit: 'idle', senders: 1_000, bytes: 10 },
    { habit: 'slow-headers', senders: 500, bytes: 10_000 },
    { habit: 'slow-body', senders: 500, bytes: 10_000 },
    { habit: 'renegotiating', senders: 20, bytes: 10 },
  ];
  for (const hostile of sets) {
    const { habit, senders } = hostile;
    it(`${senders} senders that are ${habit} disturb nobody`, async () => {
      const replica = await deployment.start();
      const attacked = await attack({ url: replica.url, ...hostile });
      const [report] = await run({
        endpoints: [replica.url],
        ca: deployment.ca,
        mixed: small(),
        phases: [{ name: habit, seconds: 20 * share, rate: 100 }],
      });
      const { p99 = Number.NaN } = report?.latencies['4 KB'] ?? {};
      figure(`${senders} ${habit}, p99 of others, ms`, p99);
      figure(`${senders} ${habit}, lost of others`, JSON.stringify(report?.lost));
      figure(`memory, ${senders} ${habit}, peak MiB`, replica.memory.peak);
      await attacked.stop();
      assert.deepEqual(report?.lost, {});
    });
  }

  it('more connections than are let in cost new ones, not those that there are', async () => {
    const replica = await deployment.start();
    const attacked = await attack({ url: replica.url, habit: 'silent', senders: 3_000, bytes: 10 });
    const phases = [{ name: 'crowd', seconds: 10 * share, rate: 100 }];
    const load = { endpoints: [replica.url], ca: deployment.ca, mixed: small(), phases };
    const [report] = await run(load);
    figure('3,000 silent, lost of others', `${JSON.stringify(report?.lost)} of ${report?.sent}`);
    await attacked.stop();
    await wait(500);
    assert.deepEqual(losses(await run(load)), {});
  });
});
