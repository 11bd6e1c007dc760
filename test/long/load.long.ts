import assert from 'node:assert/strict';
import { Deployment } from '../load/deployment.ts';
import { losses, type PhaseReport, run, totalLost, totalSent } from '../load/load.ts';
import type { Replica } from '../load/replica.ts';
import { writeReviews } from '../load/reviews.ts';
import { figure, perSecond, share } from './figure.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const WARM_UP = { name: 'warm-up', seconds: 10 * share, clients: 10 };

describe('premortem under load', function () {
  this.timeout(0);
  let deployment: Deployment;
  let replica: Replica;
  beforeEach(async () => {
    deployment = await Deployment.make();
    replica = await deployment.start();
  });
  afterEach(() => deployment.close());

  const target = () => ({ endpoints: [replica.url], ca: deployment.ca });
  const mixed = (sort: string, bytes: number, share = 1, more = {}) => ({
    sort,
    share,
    file: writeReviews(deployment.folder, sort, { bytes, ...more }),
  });

  function tell(name: string, report: PhaseReport | undefined): void {
    if (!report) return;
    figure(`${name}, sent`, report.sent);
    figure(`${name}, answered per second`, report.rate);
    for (const [sort, { count, p50, p99, p999, max }] of Object.entries(report.latencies)) {
      figure(`${name}, ${sort}, answered`, count);
      figure(`${name}, ${sort}, p50 ms`, p50);
      figure(`${name}, ${sort}, p99 ms`, p99);
      figure(`${name}, ${sort}, p99.9 ms`, p999);
      figure(`${name}, ${sort}, max ms`, max);
    }
    figure(`${name}, client late by, p99 ms`, report.lag);
    figure(`${name}, lost`, JSON.stringify(report.lost));
  }

  it('a steady 2,000 requests per second over 25 connections', async () => {
    figure('start to ready, ms', replica.startMs);
    figure('memory, idle, MiB', replica.memory.now);
    const phases = [WARM_UP, { name: 'steady', seconds: 60 * share, rate: perSecond(2_000) }];
    const reports = await run({ ...target(), mixed: [mixed('4 KB', 4 * KiB)], mostConnections: 25, phases });
    tell('steady', reports[1]);
    figure('memory, under load, peak MiB', replica.memory.peak);
    assert.equal(totalLost(reports), 0);
  });

  it('as many requests as one client can send over 25 connections', async () => {
    const phases = [WARM_UP, { name: 'full', seconds: 20 * share, clients: 25 }];
    const cpu = () => replica.metric('process_cpu_seconds_total');
    const before = await cpu();
    const reports = await run({ ...target(), mixed: [mixed('4 KB', 4 * KiB)], mostConnections: 25, phases });
    figure('CPU of the server for one request, µs', (((await cpu()) - before) * 1e6) / totalSent(reports));
    tell('full speed', reports[1]);
    assert.equal(totalLost(reports), 0);
  });

  it('100, then 600, then 100 who ask at once', async () => {
    const steps = [100, 600, 100].map(clients => ({
      name: `${clients} at once`,
      seconds: 10 * share,
      clients,
    }));
    const phases = [WARM_UP, ...steps];
    const mostConnections = 600;
    const reports = await run({ ...target(), mixed: [mixed('4 KB', 4 * KiB)], mostConnections, phases });
    for (const report of reports.slice(1)) tell(report.name, report);
    figure('memory, 600 at once, peak MiB', replica.memory.peak);
    assert.deepEqual(losses(reports), {});
  });

  it('one in a hundred of 1 MB, one in a thousand of 10 MB', async () => {
    const sorts = [mixed('4 KB', 4 * KiB, 0.989), mixed('1 MB', MiB, 0.01), mixed('10 MB', 10 * MiB, 0.001)];
    const phases = [WARM_UP, { name: 'mixed', seconds: 30 * share, rate: perSecond(300) }];
    const reports = await run({ ...target(), mixed: sorts, phases });
    tell('mixed sizes', reports[1]);
    figure(
      'mixed sizes, event loop at most late by, ms',
      1000 * (await replica.metric('nodejs_eventloop_lag_max_seconds')),
    );
    figure('memory, mixed sizes, peak MiB', replica.memory.peak);
    assert.deepEqual(losses(reports), {});
  });

  it('5,000 updates, each with the object as it was', async () => {
    const updates = mixed('update', 8 * KiB, 1, { update: true, count: 5_000 });
    const phases = [{ name: 'updates', seconds: 10 * share, clients: 25 }];
    const reports = await run({ ...target(), mixed: [updates], phases });
    tell('updates', reports[0]);
    assert.deepEqual(losses(reports), {});
  });

  it('600 bodies of 100 KB at once, with a heap of 96 MiB', async () => {
    const tight = await deployment.start({ nodeOptions: '--max-old-space-size=96' });
    const phases = [{ name: '100 KB', seconds: 15 * share, clients: 600 }];
    const load = { ...target(), endpoints: [tight.url], mixed: [mixed('100 KB', 100_000)], phases };
    const [report] = await run({ ...load, mostConnections: 600 });
    tell('600 of 100 KB', report);
    figure('memory, 600 of 100 KB, peak MiB', tight.memory.peak);
    assert.equal((await fetch(`${tight.opsUrl}/healthz`)).status, 200);
  });
});
