import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { KeyringError, readKeyring, SECRET_TYPE } from '../../../src/webhook/authority/keyring.ts';
import { freshAuthority } from '../../../src/webhook/authority/succession.ts';
import { CONFIGURATION, FakeCluster, type Fault, SECRET } from './fake-cluster.ts';
import { Replica } from './replica.ts';

const NOW = new Date();
const HOUR = 3_600_000;

describe('an authority of our own', () => {
  let cluster: FakeCluster;
  const replicas: Replica[] = [];

  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.clock = () => NOW;
    await cluster.start();
    cluster.install('enforce', 'warn', 'audit');
  });
  afterEach(async () => {
    for (const replica of replicas.splice(0)) replica.stop();
    await cluster.remove();
  });

  async function replica(clock = () => NOW): Promise<Replica> {
    const made = await Replica.of(cluster, clock);
    replicas.push(made);
    return made;
  }

  function assertOneAuthority(all: Replica[]): void {
    const { current } = cluster.keyring;
    const authority = new X509Certificate(current.cert);
    for (const one of all) {
      assert.ok(one.certificate.verify(authority.publicKey));
      assert.ok(one.isTrustedIn(cluster, NOW));
    }
  }

  describe('at the start', () => {
    it('is made by the first replica, which is ready with the first look', async () => {
      const first = await replica();
      assert.equal(first.authority.whyNotReady, 'the API server has not answered yet');
      await first.authority.look();
      assert.ok(first.isReady);
      assertOneAuthority([first]);
      assert.equal(first.repairs, 0);
    });

    it('lives a year from a day ago, its certificates seven days from an hour ago', async () => {
      const one = await replica();
      await one.becomeReady();
      const authority = new X509Certificate(cluster.keyring.current.cert);
      const days = (one: X509Certificate) => [
        Math.round((one.validFromDate.getTime() - NOW.getTime()) / HOUR),
        Math.round((one.validToDate.getTime() - NOW.getTime()) / HOUR / 24),
      ];
      assert.deepEqual(days(authority), [-24, 364]);
      assert.deepEqual(days(one.certificate), [-1, 7]);
      assert.equal(one.certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
      assert.deepEqual(one.certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
      assert.ok(authority.ca && !one.certificate.ca);
    });

    it('is in the Secret with its key, and a certificate that it signed is nowhere', async () => {
      const one = await replica();
      await one.becomeReady();
      assert.ok(cluster.keyring.current.key.startsWith('-----BEGIN PRIVATE KEY-----'));
      assert.ok(!JSON.stringify(cluster.configuration).includes('KEY'));
      const bundles = cluster.configuration.webhooks?.map(({ clientConfig }) => clientConfig.caBundle);
      const bundle = Buffer.from(cluster.keyring.current.cert.trim().concat('\n')).toString('base64');
      assert.deepEqual(bundles, [bundle, bundle, bundle]);
    });

    for (const count of [2, 3, 5]) {
      it(`is one, when ${count} replicas begin at once`, async () => {
        const all = await Promise.all(Array.from({ length: count }, () => replica()));
        await Promise.all(all.map(one => one.becomeReady()));
        assertOneAuthority(all);
      });
    }

    it('is one, whatever the API server answers and however old it is', async () => {
      const faults = [undefined, undefined, undefined, 409, 412, 422, 429, 500, 503];
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 2, max: 5 }),
          fc.array(fc.constantFrom<Fault[]>(...faults), { minLength: 5, maxLength: 40 }),
          fc.array(fc.nat({ max: 3 }), { maxLength: 20 }),
          async (count, planned, stale) => {
            cluster.clear();
            cluster.install('enforce', 'warn');
            const [answers, ages] = [planned.values(), stale.values()];
            cluster.fault = () => answers.next().value;
            cluster.staleness = () => ages.next().value ?? 0;
            const all = await Promise.all(Array.from({ length: count }, () => replica()));
            await Promise.all(all.map(one => one.becomeReady()));
            // What they saw may have been old when they saw it.
            for (const one of all) await one.authority.look();
            assertOneAuthority(all);
          },
        ),
        { numRuns: 15 },
      );
    });

    it('is one for replicas whose clocks are an hour off, each in its own direction', async () => {
      const all = await Promise.all(
        [-HOUR, 0, HOUR].map(off => replica(() => new Date(NOW.getTime() + off))),
      );
      await Promise.all(all.map(one => one.becomeReady()));
      assertOneAuthority(all);
    });

    it('is not made by a replica whose clock is a year off, and nothing is signed there', async () => {
      const late = await replica(() => new Date(NOW.getTime() + 365 * 24 * HOUR));
      await late.authority.look();
      assert.match(late.authority.whyNotReady ?? '', /^the clock here is 8760 h ahead of the API server's/);
      assert.deepEqual(cluster.requests, ['get secrets']);
      assert.equal(late.served.length, 0);
    });
  });

  describe('where something is wrong from the start', () => {
    const unreachable = /^the API server cannot be reached: /;
    const wrong: Record<string, { make: () => unknown; says: RegExp; repair: () => unknown }> = {
      'the API server is away': {
        make: () => cluster.stop(),
        says: unreachable,
        repair: () => cluster.start(),
      },
      'the API server does not answer': {
        make: () => {
          cluster.fault = () => 'silence';
        },
        says: unreachable,
        repair: healthy,
      },
      'the API server fails': {
        make: () => failing(/./, 500),
        says: /^the API server answered HTTP 500 to get secrets\/premortem-ca$/,
        repair: healthy,
      },
      'the Secret may not be read': {
        make: () => failing(/secrets/, 403),
        says: /^premortem may not get secrets\/premortem-ca \(HTTP 403\)$/,
        repair: healthy,
      },
      'the Secret may not be made': {
        make: () => failing(/create/, 403),
        says: /^premortem may not create secrets\/premortem-ca \(HTTP 403\)$/,
        repair: healthy,
      },
      'the webhook configuration may not be read': {
        make: () => failing(/configuration/, 403),
        says: /^premortem may not get validatingwebhookconfigurations\/premortem \(HTTP 403\)$/,
        repair: healthy,
      },
      'the webhook configuration may not be changed': {
        make: () => failing(/patch/, 403),
        says: /^premortem may not patch validatingwebhookconfigurations\/premortem \(HTTP 403\)$/,
        repair: healthy,
      },
      'there is no webhook configuration': {
        make: () => cluster.store(CONFIGURATION, undefined),
        says: /^there is no ValidatingWebhookConfiguration premortem$/,
        repair: () => cluster.install('enforce'),
      },
      'the Secret is empty': {
        make: () => cluster.storeSecret({ type: SECRET_TYPE }),
        says: /it has no ca\.crt; where it is deleted, premortem makes a new one$/,
        repair: deleteSecret,
      },
      'the Secret is somebody else’s': {
        make: () => cluster.storeSecret({ type: 'Opaque', data: { 'ca.crt': 'eA==' } }),
        says: /it is not of the type premortem\.dev\/authority/,
        repair: deleteSecret,
      },
      'the Secret is garbled': {
        make: () => cluster.storeSecret({ type: SECRET_TYPE, data: { 'ca.crt': 'eA==', 'ca.key': 'eA==' } }),
        says: /its ca\.crt holds no certificate in PEM/,
        repair: deleteSecret,
      },
      'the key in the Secret is another’s': {
        make: async () => {
          const [one, other] = [await freshAuthority(NOW), await freshAuthority(NOW)];
          cluster.storeKeyring({ current: { cert: one.cert, key: other.key } });
        },
        says: /its ca\.key does not belong to its ca\.crt/,
        repair: deleteSecret,
      },
    };

    function failing(requests: RegExp, status: number): void {
      cluster.fault = request => (requests.test(request) ? status : undefined);
    }
    function healthy(): void {
      cluster.fault = () => undefined;
    }
    function deleteSecret(): void {
      cluster.store(SECRET, undefined);
    }

    for (const [what, { make, says, repair }] of Object.entries(wrong)) {
      it(`waits while ${what}, says so once, and goes on when it is over`, async () => {
        await make();
        const one = await replica();
        for (let looks = 0; looks < 3; looks++) await one.authority.look();
        assert.match(one.authority.whyNotReady ?? '', says);
        const said = one.log.split('\n').filter(line => line.includes('"level":"error"'));
        assert.equal(said.length, 1, one.log);
        assert.match(JSON.parse(said[0] ?? '').problem, says);
        assert.doesNotMatch(one.log, /BEGIN|eA==/);
        assert.ok(!cluster.requests.includes('update secrets'), 'what cannot be used is left as it is');
        await repair();
        await one.becomeReady();
        assertOneAuthority([one]);
        await one.authority.look();
        assert.match(one.log, /in order again/);
      });
    }

    it('serves with what it may only read', async () => {
      cluster.storeKeyring({ current: await freshAuthority(NOW) });
      failing(/create|update/, 403);
      const one = await replica();
      await one.becomeReady();
      assertOneAuthority([one]);
    });
  });

  it('reads of any Secret a keyring, or tells why not', () => {
    const entry = fc.oneof(fc.string(), fc.base64String(), fc.constant(null), fc.integer());
    const data = fc.dictionary(fc.constantFrom('ca.crt', 'ca.key', 'next.crt', '__proto__'), entry);
    fc.assert(
      fc.property(fc.oneof(data, fc.anything()), data => {
        assert.throws(() => readKeyring({ type: SECRET_TYPE, data }), KeyringError);
      }),
    );
  });

  it('refuses an authority that is none', async () => {
    const one = await replica();
    await one.becomeReady();
    const [leaf] = one.served;
    assert.ok(leaf);
    cluster.storeKeyring({ current: leaf });
    assert.throws(() => cluster.keyring, { message: 'its ca.crt is no certificate authority' });
  });
});
