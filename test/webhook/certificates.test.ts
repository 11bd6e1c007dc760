import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { CertificateWatch } from '../../src/webhook/certificate-watch.ts';
import { type Certificate, readCertificate, selfSignedCertificate } from '../../src/webhook/certificates.ts';
import { pod, reviewOf, startToyServer } from './toy.ts';

describe('certificates', () => {
  let folder: string;
  let one: Certificate;
  let other: Certificate;

  before(async () => {
    [one, other] = await Promise.all([selfSignedCertificate(), selfSignedCertificate()]);
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'premortem-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const filesIn = (folder: string) => ({
    certFile: join(folder, 'tls.crt'),
    keyFile: join(folder, 'tls.key'),
  });

  async function write({ cert, key }: Certificate, into = folder): Promise<void> {
    await writeFile(join(into, 'tls.crt'), cert);
    await writeFile(join(into, 'tls.key'), key);
  }

  /** As the kubelet does: a new folder, and one link that jumps to it. */
  async function swap(certificate: Certificate, revision: number): Promise<void> {
    await mkdir(join(folder, `..${revision}`));
    await write(certificate, join(folder, `..${revision}`));
    await symlink(`..${revision}`, join(folder, '..data_tmp'));
    await rename(join(folder, '..data_tmp'), join(folder, '..data'));
  }

  describe('a certificate of its own making', () => {
    it('is ECDSA over P-256, for the Service and for this machine', () => {
      const certificate = new X509Certificate(one.cert);
      assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
      assert.ok(certificate.checkPrivateKey(createPrivateKey(one.key)));
      for (const host of ['localhost', 'premortem.premortem.svc'])
        assert.ok(certificate.checkHost(host), host);
      for (const ip of ['127.0.0.1', '::1']) assert.ok(certificate.checkIP(ip), ip);
      assert.ok(certificate.validToDate.getTime() > Date.now() + 300 * 24 * 3_600_000);
    });
  });

  describe('a certificate in files', () => {
    it('is read when the two belong together', async () => {
      await write(one);
      assert.deepEqual(await readCertificate(filesIn(folder)), one);
    });

    const wrong: Record<string, { write: () => Promise<void>; says: RegExp }> = {
      'the certificate is missing': {
        write: () => writeFile(join(folder, 'tls.key'), one.key),
        says: /^cannot read .*tls\.crt: ENOENT$/,
      },
      'the key is missing': {
        write: () => writeFile(join(folder, 'tls.crt'), one.cert),
        says: /^cannot read .*tls\.key: ENOENT$/,
      },
      'the certificate is a folder': {
        write: async () => {
          await write(one);
          await rm(join(folder, 'tls.crt'));
          await mkdir(join(folder, 'tls.crt'));
        },
        says: /^cannot read .*tls\.crt: EISDIR$/,
      },
      'the certificate is empty': {
        write: () => write({ ...one, cert: '' }),
        says: /tls\.crt does not hold a certificate in PEM$/,
      },
      'the key is a certificate': {
        write: () => write({ ...one, key: one.cert }),
        says: /tls\.key does not hold a private key in PEM, without a passphrase$/,
      },
      'they do not belong together': {
        write: () => write({ ...one, key: other.key }),
        says: /^the private key in .*tls\.key does not belong to the certificate in .*tls\.crt$/,
      },
    };
    for (const [what, { write, says }] of Object.entries(wrong)) {
      it(`is refused by name when ${what}`, async () => {
        await write();
        await assert.rejects(readCertificate(filesIn(folder)), { message: says });
      });
    }
  });

  describe('a certificate that changes', () => {
    async function watched(run: (seen: Certificate[], problems: string[]) => Promise<void>): Promise<void> {
      const seen: Certificate[] = [];
      const problems: string[] = [];
      const watch = new CertificateWatch(filesIn(folder), one, {
        changed: certificate => seen.push(certificate),
        unusable: problem => problems.push(problem),
      });
      await run(seen, problems).finally(() => watch.close());
    }

    it('is seen at every swap of the kubelet', async () => {
      await swap(one, 0);
      for (const name of ['tls.crt', 'tls.key']) await symlink(`..data/${name}`, join(folder, name));
      await watched(async (seen, problems) => {
        for (const [index, next] of [other, one, other].entries()) {
          await swap(next, index + 1);
          await until(() => seen.length === index + 1);
          assert.equal(seen.at(-1)?.cert, next.cert);
        }
        assert.deepEqual(problems, []);
      });
    });

    it('is seen when the files are written in place', async () => {
      await write(one);
      await watched(async seen => {
        await write(other);
        await until(() => seen.length > 0);
        assert.deepEqual(seen, [other]);
      });
    });

    it('is not used while it is broken, which is told once', async () => {
      await write(one);
      await watched(async (seen, problems) => {
        await writeFile(join(folder, 'tls.key'), 'half a ke');
        await until(() => problems.length > 0);
        await writeFile(join(folder, 'tls.key'), 'half a key');
        await wait(250);
        assert.equal(problems.length, 1);
        await write(other);
        await until(() => seen.length > 0);
        assert.deepEqual(seen, [other]);
      });
    });

    it('is served to new connections, while old ones live on', async () => {
      const server = await startToyServer();
      assert.equal((await server.ask('enforce', reviewOf(pod()))).allowed, true);
      server.useCertificate(other);
      assert.equal(await servedBy(server.url), new X509Certificate(other.cert).fingerprint256);
      // The client trusts the first one alone, so this goes over the connection that it has.
      assert.equal((await server.ask('enforce', reviewOf(pod()))).allowed, true);
      await server.stop();
    });
  });
});

function servedBy(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', reject);
    socket.on('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()?.fingerprint256 ?? '');
      socket.destroy();
    });
  });
}

async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 5_000;
  while (!holds()) {
    assert.ok(performance.now() < end, 'waited in vain');
    await wait(20);
  }
}
