import { existsSync, globSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSignedCertificate } from '../../src/webhook/certificates.ts';
import { FakeApiServer } from '../world/fake-api-server.ts';
import { Replica, type ReplicaOptions } from './replica.ts';

const ROOT = join(import.meta.dirname, '../..');

/** Replicas of `premortem serve` on loopback, each a process, with one certificate and an API server without objects. */
export class Deployment {
  readonly folder = mkdtempSync(join(tmpdir(), 'premortem-load-'));
  ca = '';
  readonly #apiServer = new FakeApiServer();
  readonly #replicas = new Set<Replica>();

  static async make(): Promise<Deployment> {
    const made = new Deployment();
    const { cert, key } = await selfSignedCertificate();
    made.ca = cert;
    await made.#apiServer.start();
    made.#write('tls.crt', cert);
    made.#write('tls.key', key);
    made.#write('kubeconfig', kubeconfig(made.#apiServer.url));
    return made;
  }

  /** A process that has only just begun. */
  begin(options: ReplicaOptions = {}): Replica {
    const files = { cert: 'tls.crt', key: 'tls.key', kubeconfig: 'kubeconfig' };
    const { cert, key, kubeconfig } = files;
    const args = [
      '--tls-cert-file',
      join(this.folder, cert),
      '--tls-private-key-file',
      join(this.folder, key),
    ];
    const replica = new Replica(main(), [...args, '--kubeconfig', join(this.folder, kubeconfig)], options);
    this.#replicas.add(replica);
    return replica;
  }

  /** A replica that is ready. */
  async start(options: ReplicaOptions = {}): Promise<Replica> {
    const replica = this.begin(options);
    await replica.ready();
    return replica;
  }

  async close(): Promise<void> {
    for (const replica of this.#replicas) replica.kill('SIGKILL');
    await Promise.all([...this.#replicas].map(({ ended }) => ended));
    await this.#apiServer.stop();
    rmSync(this.folder, { recursive: true });
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
}

/** What is built, unless the sources are newer than that. */
function main(): string {
  const built = join(ROOT, 'dist/main.js');
  const sources = globSync('src/**/*.ts', { cwd: ROOT }).map(file => statSync(join(ROOT, file)).mtimeMs);
  const isFresh = existsSync(built) && statSync(built).mtimeMs >= Math.max(...sources);
  return isFresh ? built : join(ROOT, 'src/main.ts');
}

function kubeconfig(server: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: { token: 'none' } }],
    contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'me' } }],
    'current-context': 'fake',
  });
}
