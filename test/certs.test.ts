import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:tls';
import { type Certificates, makeCertificates } from '../certs/authority.ts';
import { patchFor, type WebhookConfiguration } from '../src/webhook/authority/bundle.ts';
import { serviceNames } from '../src/webhook/authority/x509.ts';

const NOW = new Date();
const DAY = 86_400_000;

function configuration(...caBundles: (string | undefined)[]): WebhookConfiguration {
  return {
    webhooks: caBundles.map((caBundle, index) => ({
      name: `w${index}`,
      clientConfig: caBundle === undefined ? {} : { caBundle },
    })),
  };
}

function base64(...pems: string[]): string {
  return Buffer.from(pems.map(pem => `${pem.trim()}\n`).join('')).toString('base64');
}

describe('certificates for a first try', () => {
  let made: Certificates;
  let other: Certificates;
  before(async () => {
    [made, other] = await Promise.all([makeCertificates(), makeCertificates()]);
  });

  it('convince a client that trusts the authority, under the names of the Service', async () => {
    const server = createServer({ cert: made.serving, key: made.servingKey });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      for (const name of serviceNames('premortem'))
        assert.equal(await handshake(server, name, made.authority), undefined);
      assert.equal(await handshake(server, 'shop.svc', made.authority), 'ERR_TLS_CERT_ALTNAME_INVALID');
      assert.ok(await handshake(server, 'premortem.premortem.svc', other.authority));
    } finally {
      server.close();
    }
  });

  it('are valid for a year from now, and already were an hour ago', () => {
    for (const pem of [made.authority, made.serving]) {
      const { validFromDate, validToDate } = new X509Certificate(pem);
      assert.ok(validFromDate.getTime() <= NOW.getTime() - DAY / 25);
      const days = (validToDate.getTime() - NOW.getTime()) / DAY;
      assert.ok(days > 364 && days < 366.1);
    }
  });

  it('let only the authority sign, and only one certificate', () => {
    assert.equal(new X509Certificate(made.authority).ca, true);
    assert.equal(new X509Certificate(made.serving).ca, false);
    assert.deepEqual(Object.keys(made), ['authority', 'serving', 'servingKey', 'validUntil']);
    assert.match(new X509Certificate(made.serving).publicKey.asymmetricKeyDetails?.namedCurve ?? '', /256/);
  });
});

describe('the patch that makes the API server believe an authority', () => {
  let first: string;
  let second: string;
  before(async () => {
    [first, second] = await Promise.all([makeCertificates(), makeCertificates()]).then(
      made => made.map(({ authority }) => authority) as [string, string],
    );
  });

  it('gives every entry the bundle, and makes sure that it is still that entry', () => {
    assert.deepEqual(patchFor(configuration(undefined, ''), { wanted: [first] }, NOW), [
      { op: 'test', path: '/webhooks/0/name', value: 'w0' },
      { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: base64(first) },
      { op: 'test', path: '/webhooks/1/name', value: 'w1' },
      { op: 'add', path: '/webhooks/1/clientConfig/caBundle', value: base64(first) },
    ]);
  });

  it('is empty where nothing is to be changed', () => {
    const bundle = base64(first);
    assert.deepEqual(patchFor(configuration(bundle, bundle), { wanted: [first] }, NOW), []);
    assert.deepEqual(patchFor({}, { wanted: [first] }, NOW), []);
  });

  it('keeps an older authority beside the new one until it expires', () => {
    const old = base64(first);
    const [, patched] = patchFor(configuration(old), { wanted: [second] }, NOW);
    assert.equal(patched?.value, base64(second, first));
    const [, later] = patchFor(configuration(old), { wanted: [second] }, new Date(NOW.getTime() + 400 * DAY));
    assert.equal(later?.value, base64(second));
  });

  it('gives an entry that came with an upgrade what the others have', () => {
    const patch = patchFor(configuration(base64(second, first), undefined), { wanted: [second] }, NOW);
    assert.deepEqual(
      patch.map(({ path }) => path),
      ['/webhooks/1/name', '/webhooks/1/clientConfig/caBundle'],
    );
  });

  it('drops what is no certificate', () => {
    const garbled = '-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----';
    const [, patched] = patchFor(configuration(base64(garbled), '%%%'), { wanted: [first] }, NOW);
    assert.equal(patched?.value, base64(first));
  });
});

/** The code of the error that a client meets, or undefined. */
function handshake(server: Server, servername: string, ca: string): Promise<string | undefined> {
  const { port } = server.address() as { port: number };
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port, servername, ca }, () => {
      resolve(undefined);
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}
