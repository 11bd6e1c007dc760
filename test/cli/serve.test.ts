import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { type ServeOptions, serve } from '../../src/cli/serve.ts';
import { selfSignedCertificate } from '../../src/webhook/certificates.ts';
import { capture } from '../captures/capture.ts';
import { exchange, LogText } from '../webhook/toy.ts';

interface Serving {
  code: Promise<number>;
  webhook: string;
  metrics: string;
  log(): string;
  /** As two signals do. */
  stop(): Promise<number>;
}

const LOOPBACK = { host: '127.0.0.1', port: 0, metricsPort: 0 };

function begin(options: ServeOptions, stdout: Writable = new LogText()) {
  const ended = new AbortController();
  const hurried = new AbortController();
  const stderr = new LogText();
  const io = { stdin: Readable.from([]), env: {}, color: false, now: new Date(), stdout, stderr };
  const code = serve({ ...LOOPBACK, ...options }, { ...io, signal: ended.signal, hurry: hurried.signal });
  const stop = () => {
    ended.abort();
    hurried.abort();
    return code;
  };
  return { code, stderr, stop };
}

async function serving(options: ServeOptions = {}): Promise<Serving> {
  const stdout = new LogText();
  const { code, stop } = begin(options, stdout);
  for (let tries = 0; tries < 500; tries++) {
    const line = stdout.text.split('\n').find(line => line.includes('"serving"'));
    if (line) return { code, stop, log: () => stdout.text, ...JSON.parse(line) };
    await wait(20);
  }
  throw new Error(`it does not serve: ${stdout.text}`);
}

function review(webhook: string): Promise<{ status: number; text: string }> {
  const body = JSON.stringify(capture('cronjob-misplaced-apply-create'));
  const headers = { 'content-type': 'application/json' };
  return exchange(`${webhook}/validate/enforce`, body, { headers, agent: false, rejectUnauthorized: false });
}

const RULES_OF_THE_CAPTURE = ['field-misplaced', 'cronjob-runs-overlap', 'memory-request-missing'];
const RELOADED = /^premortem_configuration_last_reload_successful (\d)$/m;

async function told(log: () => string, words: string): Promise<void> {
  for (let tries = 0; tries < 200 && !log().includes(words); tries++) await wait(20);
  assert.ok(log().includes(words), words);
}

/** Nobody listens there. */
const KUBECONFIG = `
apiVersion: v1
kind: Config
clusters: [{name: away, cluster: {server: 'http://127.0.0.1:1'}}]
users: [{name: me, user: {token: none}}]
contexts: [{name: away, context: {cluster: away, user: me}}]
current-context: away
`;

describe('premortem serve', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'premortem-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('serves the real rules with a certificate of its own, and says that nobody will trust it', async () => {
    const { webhook, metrics, log, stop } = await serving();
    const { status, text } = await review(webhook);
    assert.equal(status, 200);
    assert.equal(JSON.parse(text).response.allowed, false);
    assert.match(log(), /made for a first try; an API server will not trust it/);
    assert.equal((await fetch(`${metrics}/readyz`)).status, 200);
    assert.equal(await stop(), 0);
    assert.match(log(), /"stopping".*"stopped"/s);
  });

  it('serves the certificate that it is given, and the next one', async () => {
    const files = { tlsCertFile: join(folder, 'tls.crt'), tlsPrivateKeyFile: join(folder, 'tls.key') };
    const write = async () => {
      const { cert, key } = await selfSignedCertificate();
      await writeFile(files.tlsCertFile, cert);
      await writeFile(files.tlsPrivateKeyFile, key);
    };
    await write();
    const { webhook, log, stop } = await serving(files);
    assert.doesNotMatch(log(), /first try/);
    await write();
    for (let tries = 0; tries < 200 && !log().includes('new certificate in use'); tries++) await wait(20);
    assert.match(log(), /new certificate in use/);
    assert.equal((await review(webhook)).status, 200);
    assert.equal(await stop(), 0);
  });

  it('follows its configuration, and keeps the last good one when the next is bad', async () => {
    const config = join(folder, 'premortem.yaml');
    const configure = (rules: string) =>
      writeFile(config, `apiVersion: premortem.dev/v1\nkind: Configuration\nrules:\n${rules}`);
    const silent = RULES_OF_THE_CAPTURE.map(id => `  ${id}: off\n`).join('');
    await configure('');
    const { webhook, metrics, log, stop } = await serving({ config });
    const allowed = async () => JSON.parse((await review(webhook)).text).response.allowed;
    const reloaded = async () => (await (await fetch(`${metrics}/metrics`)).text()).match(RELOADED)?.[1];
    assert.deepEqual([await allowed(), await reloaded()], [false, '1']);
    await configure(silent);
    await told(log, 'new configuration in use');
    assert.deepEqual([await allowed(), await reloaded()], [true, '1']);
    await configure('  canary: off\n');
    await told(log, 'the configuration in use stays');
    assert.match(log(), /premortem\.yaml:4:3 holds no configuration that can be used/);
    assert.doesNotMatch(log(), /canary/);
    assert.deepEqual([await allowed(), await reloaded()], [true, '0']);
    await configure(silent);
    await told(log, 'is that of the file again');
    assert.deepEqual([await allowed(), await reloaded()], [true, '1']);
    assert.equal(await stop(), 0);
  });

  it('ends with 2 and every mistake when its configuration cannot be used', async () => {
    const config = join(folder, 'premortem.yaml');
    await writeFile(config, 'apiVersion: premortem.dev/v1\nkind: Configuration\nrule: {}\nonError: x\n');
    const { code, stderr } = begin({ config });
    assert.equal(await code, 2);
    assert.match(
      stderr.text,
      /^error: .*:3:1: unknown key "rule"; did you mean rules\?\nerror: .*:4:10: .*\n$/,
    );
  });

  it('ends with 2 and names the file when there is no certificate', async () => {
    const missing = { tlsCertFile: join(folder, 'no.crt'), tlsPrivateKeyFile: join(folder, 'no.key') };
    const { code, stderr } = begin(missing);
    assert.equal(await code, 2);
    assert.match(stderr.text, /^premortem serve: cannot read .*no\.crt: ENOENT\n$/);
  });

  it('ends with 2 when one of the two files is missing on the command line', async () => {
    const { code, stderr } = begin({ tlsCertFile: join(folder, 'tls.crt') });
    assert.equal(await code, 2);
    assert.match(stderr.text, /--tls-cert-file and --tls-private-key-file go together/);
  });

  it('ends with 2 when it is to sign its certificates and has no cluster for that', async () => {
    const { code, stderr } = begin({ ownCa: true });
    assert.equal(await code, 2);
    assert.match(
      stderr.text,
      /^premortem serve: --own-ca needs a cluster: run it in one, or name a --kubeconfig\n$/,
    );
  });

  it('ends with 2 when it is to sign its certificates and is given one', async () => {
    const { code, stderr } = begin({ ownCa: true, tlsCertFile: join(folder, 'tls.crt') });
    assert.equal(await code, 2);
    assert.match(stderr.text, /with --own-ca there are no --tls-cert-file and --tls-private-key-file/);
  });

  it('serves the kubelet while it waits for its authority, and says for what', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, KUBECONFIG);
    const { metrics, log, stop } = await serving({ ownCa: true, kubeconfig });
    assert.equal((await fetch(`${metrics}/healthz`)).status, 200);
    const readiness = await fetch(`${metrics}/readyz`);
    assert.equal(readiness.status, 503);
    assert.match(await readiness.text(), /API server/);
    assert.doesNotMatch(log(), /first try/);
    assert.equal(await stop(), 0);
  });

  for (const option of ['port', 'metricsPort'] as const) {
    it(`ends with 2 when the ${option} is taken`, async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await wait(20);
      const { port } = taken.address() as { port: number };
      const { code, stderr } = begin({ [option]: port });
      assert.equal(await code, 2);
      assert.match(stderr.text, /^premortem serve: cannot listen: .*EADDRINUSE.*\n$/);
      taken.close();
    });
  }

  it('goes on when the reader of its log has gone', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(gone) });
    const probe = createServer().listen(0, '127.0.0.1');
    await wait(20);
    const { port } = probe.address() as { port: number };
    probe.close();
    const { stop } = begin({ port, logLevel: 'debug' }, broken);
    await wait(300);
    assert.equal((await review(`https://127.0.0.1:${port}`)).status, 200);
    assert.equal((await review(`https://127.0.0.1:${port}`)).status, 200);
    assert.equal(await stop(), 0);
  });
});
