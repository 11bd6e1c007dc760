import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WatchTimings } from '../../src/world/kind-watch.ts';
import type { WatchPlan } from '../../src/world/watch-plan.ts';
import { type WatchedWorld, type WatchOptions, watchWorld } from '../../src/world/watched.ts';
import { FakeApiServer } from './fake-api-server.ts';

export const TIMINGS: WatchTimings = { firstRetryMs: 10, longestRetryMs: 50, staleMs: 300_000 };

/** For each test of the suite that makes it an API server of its own, and whatever watches it until the test is over. */
export class FakeCluster {
  /** The files of a service account, whose token is `first`. */
  readonly folder = mkdtempSync(join(tmpdir(), 'premortem-watched-'));
  #api = new FakeApiServer();
  #worlds: WatchedWorld[] = [];

  constructor() {
    before(() => {
      writeFileSync(join(this.folder, 'token'), 'first\n');
      writeFileSync(join(this.folder, 'ca.crt'), '');
    });
    after(() => rmSync(this.folder, { recursive: true }));
    beforeEach(async () => {
      this.#api = new FakeApiServer();
      this.#worlds = [];
      await this.#api.start();
    });
    afterEach(async () => {
      for (const world of this.#worlds) world.stop();
      await this.#api.stop();
    });
  }

  get api(): FakeApiServer {
    return this.#api;
  }

  async watch(plans: readonly WatchPlan[], options: Partial<WatchOptions> = {}): Promise<WatchedWorld> {
    const cluster = { server: this.#api.url, serviceAccount: this.folder };
    const logger = { info: () => {}, warn: () => {} };
    const world = await watchWorld(plans, { cluster, logger, timings: TIMINGS, ...options });
    this.#worlds.push(world);
    return world;
  }
}
