import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { bundlesOf } from '../../../src/webhook/authority/bundle.ts';
import { freshAuthority } from '../../../src/webhook/authority/succession.ts';
import { CONFIGURATION, FakeCluster, SECRET } from './fake-cluster.ts';
import { Replica } from './replica.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('in the course of time, an authority of our own', () => {
  let cluster: FakeCluster;
  let now: Date;
  const replicas: Replica[] = [];

  beforeEach(async () => {
    now = new Date('2026-11-21T12:00:00Z');
    cluster = new FakeCluster();
    cluster.clock = () => now;
    await cluster.start();
    cluster.install('enforce', 'warn');
  });
  afterEach(async () => {
    for (const replica of replicas.splice(0)) replica.stop();
    await cluster.remove();
  });

  async function begin(skew = 0, chance?: number): Promise<Replica> {
    const clock = () => new Date(now.getTime() + skew);
    const replica = await Replica.of(cluster, clock, chance === undefined ? undefined : () => chance);
    replicas.push(replica);
    await replica.becomeReady();
    return replica;
  }

  async function pass(ms: number, ...looking: Replica[]): Promise<void> {
    now = new Date(now.getTime() + ms);
    for (const replica of looking) await replica.authority.look();
  }

  /** The phase of a change, by what is stored. */
  function phase(): string {
    const { next, former } = cluster.keyring;
    if (former) return 'former';
    if (next) return next.believedSince ? 'believed' : 'made';
    return 'one';
  }

  /** Who signs, as PEM. */
  const signer = () => cluster.keyring.current.cert;

  describe('renews a certificate', () => {
    it('at two thirds of its life, a tenth earlier or later', async () => {
      const [early, late] = [await begin(0, 0), await begin(0, 1)];
      const renewed = [0, 0];
      await pass(95 * HOUR, early, late);
      for (let hours = 96; hours < 130; hours++) {
        await pass(HOUR, early, late);
        for (const [index, one] of [early, late].entries())
          if (one.served.length === 2 && !renewed[index]) renewed[index] = hours;
      }
      // 7 days and the hour before them are 169 hours.
      assert.deepEqual(renewed, [Math.ceil(169 * 0.6) - 1, Math.ceil((169 * 2.2) / 3) - 1]);
    });

    for (const date of ['2038-01-18T12:00:00Z', '2049-12-28T12:00:00Z', '2051-03-01T12:00:00Z']) {
      it(`in time in ${date.slice(0, 4)}`, async () => {
        now = new Date(date);
        const one = await begin();
        for (let days = 0; days < 21; days++) {
          await pass(DAY, one);
          assert.ok(one.isReady && one.isTrustedIn(cluster, now));
        }
        assert.ok(one.served.length >= 4);
      });
    }

    it('in time when its clock is an hour off', async () => {
      const skewed = [await begin(-HOUR), await begin(HOUR)];
      for (let days = 0; days < 14; days++) {
        await pass(DAY, ...skewed);
        for (const one of skewed) assert.ok(one.isReady && one.isTrustedIn(cluster, now));
      }
    });

    it('that expired while it slept, with the first look, even if the API server does not answer yet', async () => {
      const one = await begin();
      now = new Date(now.getTime() + 30 * DAY);
      assert.equal(one.authority.whyNotReady, 'the certificate is not valid at this time');
      cluster.fault = () => 503;
      await one.authority.look();
      assert.ok(one.isReady && one.isTrustedIn(cluster, now));
    });

    it('that is not valid yet, when the clocks were set back', async () => {
      const one = await begin();
      await pass(6 * DAY, one);
      await pass(-2 * HOUR, one);
      assert.equal(one.served.length, 3);
      assert.ok(one.isReady && one.isTrustedIn(cluster, now));
    });

    it('not while its clock alone has jumped', async () => {
      let jump = 0;
      const one = await Replica.of(cluster, () => new Date(now.getTime() + jump));
      replicas.push(one);
      await one.becomeReady();
      jump = 300 * DAY;
      await one.authority.look();
      assert.match(one.authority.whyNotReady ?? '', /^the clock here is 7200 h ahead/);
      assert.equal(one.served.length, 1);
      assert.equal(phase(), 'one');
      jump = 0;
      await one.authority.look();
      assert.ok(one.isReady && one.served.length === 1);
    });
  });

  describe('is kept in every caBundle', () => {
    const wipes: Record<string, () => void> = {
      'wiped from one': () => cluster.setBundle('warn', ''),
      'wiped from all, as the manifests have it': () => cluster.install('enforce', 'warn'),
      'missing from a new one': () => cluster.install('enforce', 'warn', 'new'),
      garbled: () => cluster.setBundle('enforce', Buffer.from('-----BEGIN CERT').toString('base64')),
      'no base64': () => cluster.setBundle('enforce', '%%%'),
    };
    for (const [what, wipe] of Object.entries(wipes)) {
      it(`with the next look when it is ${what}, which is counted and told`, async () => {
        const [one, other] = [await begin(), await begin()];
        wipe();
        await one.authority.look();
        await other.authority.look();
        assert.ok(one.isReady && other.isReady && one.isTrustedIn(cluster, now));
        assert.equal(one.repairs + other.repairs, 1);
        assert.match(one.log, /somebody has changed caBundle: repaired/);
        await one.authority.look();
        assert.equal(one.repairs, 1);
      });
    }

    it('beside what others have put there, until that expires', async () => {
      const foreign = await freshAuthority(new Date(now.getTime() - 300 * DAY));
      cluster.setBundle('warn', Buffer.from(foreign.cert).toString('base64'));
      const one = await begin();
      assert.ok(bundlesOf(cluster.configuration).every(bundle => bundle.includes(foreign.cert.trim())));
      await pass(70 * DAY, one);
      assert.ok(bundlesOf(cluster.configuration).every(bundle => !bundle.includes(foreign.cert.trim())));
    });

    it('and is not ready when it may not be, until it may', async () => {
      const one = await begin();
      cluster.install('enforce', 'warn');
      cluster.fault = request => (request.startsWith('patch') ? 403 : undefined);
      await one.authority.look();
      assert.match(one.authority.whyNotReady ?? '', /^premortem may not patch/);
      cluster.fault = () => undefined;
      await one.authority.look();
      assert.ok(one.isReady);
    });

    it('as long as one webhook believes it, it is ready', async () => {
      const one = await begin();
      cluster.setBundle('warn', '');
      cluster.fault = request => (request.startsWith('patch') ? 403 : undefined);
      await one.authority.look();
      assert.ok(one.isReady);
    });

    it('but a configuration that was deleted stays deleted, and what comes back is filled', async () => {
      const one = await begin();
      cluster.store(CONFIGURATION, undefined);
      await pass(MINUTE, one);
      assert.ok(one.isReady);
      assert.deepEqual(cluster.configuration, {});
      cluster.install('enforce');
      await pass(MINUTE, one);
      assert.ok(one.isTrustedIn(cluster, now));
    });
  });

  it('goes on with what was seen last while the API server is away', async () => {
    const one = await begin();
    await cluster.stop();
    for (let minutes = 0; minutes < 60; minutes += 5) {
      await pass(5 * MINUTE, one);
      assert.ok(one.isReady && one.isTrustedIn(cluster, now));
    }
    // The connection that broke, and then that there is none to be had.
    assert.ok((one.log.match(/the certificate in use stays/g)?.length ?? 0) <= 2, one.log);
    await pass(5 * DAY, one);
    assert.ok(one.isReady && one.isTrustedIn(cluster, now));
    assert.equal(one.served.length, 2);
    await cluster.start();
    await pass(MINUTE, one);
    assert.match(one.log, /in order again/);
  });

  it('is replaced without a gap when its Secret is deleted', async () => {
    const one = await begin();
    const former = signer();
    cluster.store(SECRET, undefined);
    await pass(MINUTE, one);
    assert.notEqual(signer(), former);
    assert.equal(one.served.length, 1);
    assert.ok(one.isTrustedIn(cluster, now));
    const other = await begin();
    assert.ok(other.isTrustedIn(cluster, now) && one.isReady);
  });

  it('is replaced at once when its Secret is deleted and nobody believes it any more', async () => {
    const one = await begin();
    cluster.store(SECRET, undefined);
    cluster.install('enforce', 'warn');
    await pass(MINUTE, one);
    assert.ok(one.isReady && one.isTrustedIn(cluster, now));
    assert.equal(one.served.length, 2);
    assert.equal(bundlesOf(cluster.configuration)[0]?.length, 1);
  });

  describe('is followed by another', () => {
    /** Until two thirds of its year are over, and a little. */
    const grow = () => {
      now = new Date(now.getTime() + (365 * DAY * 2) / 3);
    };

    it('in three phases, in which who has only the former caBundle is served until the second', async () => {
      const one = await begin();
      const other = await begin();
      const [former = []] = bundlesOf(cluster.configuration);
      grow();
      const phases: string[] = [];
      for (let hours = 0; hours < 12 * 24; hours += 2) {
        now = new Date(now.getTime() + 2 * HOUR);
        for (const replica of [one, other]) {
          await replica.authority.look();
          if (phases.at(-1) !== phase()) phases.push(phase());
          assert.ok(replica.isReady && replica.isTrustedIn(cluster, now), `${hours} h, ${phase()}`);
          if (phase() !== 'former' && phase() !== 'one') assert.ok(replica.isTrustedBy(former, now));
        }
      }
      assert.deepEqual(phases, ['made', 'believed', 'former', 'one']);
      assert.notEqual(signer().trim(), former[0]);
      assert.deepEqual(bundlesOf(cluster.configuration), [[signer().trim()], [signer().trim()]]);
    });

    it('that signs only when it has been believed for three hours, and stays for eight days', async () => {
      const one = await begin();
      const since: Record<string, number> = {};
      grow();
      const start = now.getTime();
      while (phase() !== 'one' || !since.former) {
        await pass(since.former ? HOUR : 10 * MINUTE, one);
        since[phase()] ??= now.getTime() - start;
      }
      const { believed = 0, former = 0, one: over = 0 } = since;
      assert.ok(former - believed >= 3 * HOUR && former - believed <= 3 * HOUR + 20 * MINUTE);
      assert.ok(over - former >= 8 * DAY && over - former <= 8 * DAY + 2 * HOUR);
    });

    it('though in each phase whoever acts dies at once, wherever it stands', async () => {
      const steady = await begin();
      const refused = (request: string) => (/^(update|create|patch)/.test(request) ? 403 : undefined);
      grow();
      cluster.fault = refused;
      await steady.authority.look();
      const phases = new Set<string>();
      for (let rounds = 0; rounds < 70; rounds++) {
        const actor = await Replica.of(cluster, () => now);
        replicas.push(actor);
        // The death: after this many more requests nothing reaches the API server, nor is anything kept.
        let left = rounds % 5;
        cluster.fault = () => (left-- > 0 ? undefined : 503);
        await actor.authority.look();
        actor.stop();
        cluster.fault = () => undefined;
        phases.add(phase());
        assert.ok(steady.isTrustedIn(cluster, now), `${rounds}, ${phase()}`);
        // The steady one only keeps its own certificate: it may not change a thing.
        cluster.fault = refused;
        await pass(rounds % 3 === 0 ? 2 * HOUR : 12 * HOUR, steady);
        cluster.fault = () => undefined;
        assert.ok(steady.isReady, steady.authority.whyNotReady);
      }
      assert.deepEqual([...phases], ['one', 'made', 'believed', 'former']);
      assert.equal(phase(), 'one');
    });

    it('whose time begins anew when a caBundle loses it', async () => {
      const one = await begin();
      grow();
      await pass(MINUTE, one);
      await pass(MINUTE, one);
      assert.equal(phase(), 'believed');
      cluster.setBundle('warn', Buffer.from(signer()).toString('base64'));
      await pass(4 * HOUR, one);
      assert.equal(phase(), 'made');
      assert.ok(bundlesOf(cluster.configuration).every(bundle => bundle.length === 2));
      await pass(MINUTE, one);
      assert.equal(phase(), 'believed');
      await pass(2 * HOUR, one);
      assert.equal(phase(), 'believed');
      await pass(2 * HOUR, one);
      assert.equal(phase(), 'former');
    });

    it('by five replicas at once as by one', async () => {
      const all = await Promise.all(Array.from({ length: 5 }, () => begin()));
      grow();
      for (let days = 0; days < 12; days++) {
        now = new Date(now.getTime() + DAY);
        await Promise.all(all.map(one => one.authority.look()));
        for (const one of all) assert.ok(one.isReady && one.isTrustedIn(cluster, now));
      }
      assert.equal(phase(), 'one');
      assert.ok(new X509Certificate(signer()).validToDate.getTime() - now.getTime() > 350 * DAY);
    });

    it('with clocks an hour off, and not before an hour has really passed', async () => {
      const [behind, ahead] = [await begin(-HOUR), await begin(HOUR)];
      grow();
      await pass(2 * HOUR, behind);
      await pass(0, behind);
      assert.equal(phase(), 'believed');
      await pass(59 * MINUTE, ahead, behind);
      assert.equal(phase(), 'believed');
      await pass(2 * MINUTE, ahead, behind);
      assert.equal(phase(), 'former');
      assert.ok(behind.isTrustedIn(cluster, now) && ahead.isTrustedIn(cluster, now));
    });

    it('at once, when it expired while everything was off', async () => {
      const one = await begin();
      await pass(400 * DAY, one);
      await pass(MINUTE, one);
      assert.ok(one.isReady && one.isTrustedIn(cluster, now));
      assert.deepEqual(phase(), 'one');
      assert.equal(bundlesOf(cluster.configuration)[0]?.length, 1);
    });

    it('never, where the Secret may only be read, which is told', async () => {
      const one = await begin();
      grow();
      cluster.fault = request => (request.startsWith('update') ? 403 : undefined);
      await pass(MINUTE, one);
      assert.ok(one.isReady);
      assert.match(one.log, /may not update secrets\/premortem-ca \(HTTP 403\)/);
    });
  });
});
