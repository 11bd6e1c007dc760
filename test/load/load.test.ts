import assert from 'node:assert/strict';
import { Deployment } from './deployment.ts';
import { attack } from './hostile.ts';
import { losses, type PhaseReport, run } from './load.ts';
import type { Replica } from './replica.ts';
import { restartUnderLoad } from './restarts.ts';
import { writeReviews } from './reviews.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

describe('premortem under load, in short', function () {
  this.timeout(60_000);
  let deployment: Deployment;
  let replica: Replica;
  beforeEach(async () => {
    deployment = await Deployment.make();
    replica = await deployment.start();
  });
  afterEach(() => deployment.close());

  const target = () => ({ endpoints: [replica.url], ca: deployment.ca });
  const written = (name: string, bytes: number, more = {}) =>
    writeReviews(deployment.folder, name, { bytes, ...more });
  const small = (share = 1) => ({ sort: 'small', file: written('small', 4 * KiB), share });
  function assertNoneLost(reports: readonly PhaseReport[]): void {
    assert.deepEqual(losses(reports), {});
    for (const { name, sent } of reports) assert.ok(sent > 10, `${name}: ${sent} sent`);
  }

  it('answers every request of a steady load over 25 connections', async () => {
    const phases = [{ name: 'steady', seconds: 2, rate: 200 }];
    assertNoneLost(await run({ ...target(), mixed: [small()], mostConnections: 25, phases }));
  });

  it('answers every request while the number of those who ask goes up and down', async () => {
    const phases = [20, 120, 20].map(clients => ({ name: `${clients} at once`, seconds: 1, clients }));
    assertNoneLost(await run({ ...target(), mixed: [small()], phases }));
  });

  it('answers large requests among small ones', async () => {
    const large = { sort: 'large', file: written('large', MiB), share: 0.05 };
    const phases = [{ name: 'mixed', seconds: 2, rate: 50 }];
    assertNoneLost(await run({ ...target(), mixed: [small(0.95), large], phases }));
  });

  it('answers every one of many updates', async () => {
    const file = written('updates', 8 * KiB, { update: true, count: 200 });
    const phases = [{ name: 'updates', seconds: 1, clients: 10 }];
    assertNoneLost(await run({ ...target(), mixed: [{ sort: 'update', file, share: 1 }], phases }));
  });

  for (const habit of ['silent', 'idle', 'slow-headers', 'slow-body', 'renegotiating'] as const) {
    it(`answers others while senders are ${habit}`, async () => {
      const hostile = await attack({ url: replica.url, habit, senders: 40, bytes: 10_000 });
      const phases = [{ name: habit, seconds: 1, rate: 50 }];
      assertNoneLost(await run({ ...target(), mixed: [small()], phases }));
      await hostile.stop();
    });
  }

  it('answers others while bodies are withheld, and keeps its memory', async () => {
    const hostile = await attack({ url: replica.url, habit: 'withheld', senders: 60, bytes: 3 * MiB });
    const phases = [{ name: 'withheld', seconds: 2, rate: 50 }];
    assertNoneLost(await run({ ...target(), mixed: [small()], phases }));
    await hostile.stop();
    assert.ok(replica.memory.peak < 384, `${replica.memory.peak} MiB`);
  });

  it('needs no more than 96 MiB of heap for many bodies at once', async () => {
    const tight = await deployment.start({ nodeOptions: '--max-old-space-size=96' });
    const mixed = [{ sort: '100 KB', file: written('bodies', 100_000), share: 1 }];
    const phases = [{ name: 'bodies', seconds: 2, clients: 100 }];
    assertNoneLost(await run({ ...target(), endpoints: [tight.url], mixed, phases }));
  });
});

describe('rolling restarts under load, in short', function () {
  this.timeout(60_000);
  it('lose no request', async () => {
    const deployment = await Deployment.make();
    const { sent, losses } = await restartUnderLoad(deployment, {
      restarts: 3,
      rate: 200,
      signal: 'SIGTERM',
    });
    await deployment.close();
    assert.deepEqual(losses, {});
    assert.ok(sent > 100, `${sent} sent`);
  });
});
