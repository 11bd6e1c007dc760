import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { AuthorityStore } from '../../../src/webhook/authority/authority-store.ts';
import { bundlesOf } from '../../../src/webhook/authority/bundle.ts';
import { OwnAuthority } from '../../../src/webhook/authority/own-authority.ts';
import { selfDial } from '../../../src/webhook/authority/self-dial.ts';
import { prepareAuthority, type RunningAuthority } from '../../../src/webhook/authority/start.ts';
import { freshAuthority } from '../../../src/webhook/authority/succession.ts';
import { makeServing } from '../../../src/webhook/authority/x509.ts';
import type { Certificate } from '../../../src/webhook/certificates.ts';
import { createLogger } from '../../../src/webhook/log.ts';
import { accessTo } from '../../../src/world/api-access.ts';
import { ApiConversation } from '../../../src/world/api-conversation.ts';
import { LogText, pod, reviewOf, startToyServer, type ToyServer } from '../toy.ts';
import { swapUnderLoad } from './certificate-swaps.ts';
import { FakeCluster } from './fake-cluster.ts';

const NAME = 'premortem.premortem.svc';
const NOW = new Date();
const IN_A_DAY = new Date(NOW.getTime() + 86_400_000);

describe('an authority of our own, in the server', () => {
  let cluster: FakeCluster;
  let server: ToyServer;
  let authority: RunningAuthority | undefined;
  const log = new LogText();

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
    cluster.install('enforce', 'warn');
  });
  afterEach(async () => {
    authority?.stop();
    await server.stop();
    await cluster.remove();
  });

  async function serve(): Promise<void> {
    const logger = createLogger(log, 'debug');
    const prepared = await prepareAuthority(cluster.cluster, { namespace: 'premortem', logger });
    server = await startToyServer({ tls: undefined, whyNotReady: () => prepared.whyNotReady });
    authority = prepared;
  }

  const readiness = async () => {
    const response = await fetch(`${server.opsUrl}/readyz`);
    return { status: response.status, text: (await response.text()).trim() };
  };

  /** As an API server that goes by the configuration. */
  const ask = async () => {
    const [ca = []] = bundlesOf(cluster.configuration);
    const { status } = await server.send('/validate/enforce', JSON.stringify(reviewOf(pod())), {
      servername: NAME,
      ca,
      agent: false,
    });
    return status;
  };

  async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + 20_000;
    while (!(await holds())) {
      assert.ok(performance.now() < end, `waited in vain\n${log.text}`);
      await wait(20);
    }
  }

  it('answers the kubelet, but no handshake, until there is a certificate', async () => {
    await cluster.stop();
    await serve();
    assert.deepEqual(await readiness(), { status: 503, text: 'starting' });
    authority?.begin(server);
    await until(async () => (await readiness()).text.startsWith('the API server cannot be reached'));
    assert.equal((await fetch(`${server.opsUrl}/healthz`)).status, 200);
    await assert.rejects(ask());
    await cluster.start();
    await until(async () => (await readiness()).status === 200);
    assert.equal(await ask(), 200);
  });

  it('is called by who goes by the webhook configuration, and says when the certificate expires', async () => {
    await serve();
    authority?.begin(server);
    await until(async () => (await readiness()).status === 200);
    assert.equal(await ask(), 200);
    const expiry = /^premortem_certificate_expiry_timestamp_seconds (\S+)/m.exec(await server.metrics())?.[1];
    assert.ok(Math.abs(Number(expiry) - (Date.now() / 1000 + 7 * 86_400)) < 600);
  });

  it('looks again after 9 to 10.5 s, repairs, and counts it', async function () {
    this.timeout(60_000);
    await serve();
    authority?.begin(server);
    await until(async () => (await readiness()).status === 200);
    cluster.setBundle('enforce', '');
    const begun = performance.now();
    await until(async () => bundlesOf(cluster.configuration).every(bundle => bundle.length === 1));
    assert.ok(performance.now() - begun < 11_000 + 2_000, 'on a busy machine');
    await until(async () => /^premortem_ca_bundle_repairs_total 1$/m.test(await server.metrics()));
    assert.equal(await ask(), 200);
  });

  it('asks an API server that is away less and less often, and stops when it is told to', async () => {
    const away = new LogText();
    cluster.fault = () => 503;
    const conversation = new ApiConversation(await accessTo(cluster.cluster));
    const common = {
      namespace: 'premortem',
      clock: () => new Date(),
      logger: createLogger(away, 'debug'),
    };
    const store = new AuthorityStore({ ...common, conversation, repaired: () => {} });
    const served = { useCertificate: () => {}, dial: async () => undefined };
    const own = new OwnAuthority(served, { ...common, store, chance: () => 0 });
    const stopped = new AbortController();
    const run = own.run(stopped.signal);
    await until(() => cluster.requests.length >= 3);
    // After 0.8 s and then 1.6 s.
    const begun = performance.now();
    stopped.abort();
    await run;
    assert.ok(performance.now() - begun < 500);
    assert.equal(cluster.requests.length, 3);
    assert.equal(away.text.match(/HTTP 503/g)?.length, 1);
    conversation.end();
    await serve();
  });

  it('takes the certificate that is really served for what the API server sees', async () => {
    const [one, other] = [await freshAuthority(NOW), await freshAuthority(NOW)];
    const certificate = (by: Certificate, names = [NAME], until = IN_A_DAY) =>
      makeServing(by, names, { from: new Date(NOW.getTime() - 7_200_000), until });
    server = await startToyServer({ tls: await certificate(one) });
    const dial = selfDial(server.url, NAME);
    assert.equal(await dial([one.cert]), true);
    assert.equal(await dial([other.cert, one.cert]), true);
    assert.equal(await dial([other.cert]), false);
    server.useCertificate(await certificate(other));
    assert.equal(await dial([one.cert]), false);
    assert.equal(await dial([other.cert]), true);
    server.useCertificate(await certificate(one, ['shop.svc']));
    assert.equal(await dial([one.cert]), false);
    server.useCertificate(await certificate(one, [NAME], new Date(NOW.getTime() - 3_600_000)));
    assert.equal(await dial([one.cert]), false);
    assert.equal(await selfDial('https://127.0.0.1:1', NAME)([one.cert]), undefined);
    assert.doesNotMatch(server.log(), /handshake failed/);
  });

  it('loses no request when the certificate is swapped every 100 ms', async function () {
    this.timeout(60_000);
    await serve();
    const { swaps, requests, lost } = await swapUnderLoad(server, 3_000);
    assert.deepEqual(lost, []);
    assert.ok(swaps >= 10 && requests > swaps, `${swaps} swaps, ${requests} requests`);
  });
});
