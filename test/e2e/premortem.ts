import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificates, makeCertificates } from '../../certs/authority.ts';
import { imageFlags } from '../image.ts';
import { Background } from './background.ts';
import type { ControlPlane } from './control-plane.ts';
import { guarded } from './namespaces.ts';
import { passed } from './outcome.ts';
import { applyOwnObjects, ROOT, shippedConfiguration } from './shipped.ts';
import { until } from './until.ts';

/** `premortem serve` beside the control plane, which asks it as the manifests say. */
export class Premortem {
  readonly #cluster: ControlPlane;
  #server: Background | undefined;
  #port = 0;

  constructor(cluster: ControlPlane) {
    this.#cluster = cluster;
  }

  /** Starts it, installs its webhook configuration, and waits until the API server really asks. */
  async start(): Promise<void> {
    const certificates = await makeCertificates(['localhost']);
    writeFileSync(this.#file('tls.pem'), `${certificates.serving}\n`);
    writeFileSync(this.#file('tls-key.pem'), certificates.servingKey, { mode: 0o600 });
    await applyOwnObjects(this.#cluster);
    await this.serve();
    await this.#install(certificates);
    await guarded(this.#cluster, 'in-effect', 'enforce');
  }

  /** Starts the server, where it was before. */
  async serve(): Promise<void> {
    const args = [
      ...imageFlags,
      join(ROOT, 'src/main.ts'),
      'serve',
      '--host=127.0.0.1',
      `--port=${this.#port}`,
      '--metrics-port=0',
      '--tls-cert-file=tls.pem',
      '--tls-private-key-file=tls-key.pem',
      `--kubeconfig=${this.#cluster.premortemConfig}`,
      '--log-level=debug',
    ];
    const server = new Background('premortem', process.execPath, args, this.#cluster.folder);
    this.#server = server;
    const url = await until('premortem serves', 20, async () => {
      if (!server.running) throw new Error('premortem has ended');
      return /"webhook":"([^"]+)".*"msg":"serving"/.exec(server.log)?.[1];
    });
    this.#port = Number(new URL(url).port);
  }

  /** Takes it away at once, as when the nodes of all replicas are gone. */
  async stop(): Promise<void> {
    await this.#server?.stop('SIGKILL');
  }

  /** What it has logged since it was started last. */
  get log(): string {
    return this.#server?.log ?? '';
  }

  lastWords(): string {
    return this.#server?.lastWords() ?? '';
  }

  /** The configuration that is shipped, with the one change that premortem is no Service here. */
  async #install({ authority }: Certificates): Promise<void> {
    const configuration = shippedConfiguration();
    for (const webhook of configuration.webhooks) {
      const { service, ...others } = webhook.clientConfig;
      const url = `https://localhost:${this.#port}${service?.path}`;
      webhook.clientConfig = { ...others, url, caBundle: Buffer.from(authority).toString('base64') };
    }
    passed(await this.#cluster.kubectl(['apply', '-f', '-'], { stdin: JSON.stringify(configuration) }));
  }

  #file(name: string): string {
    return join(this.#cluster.folder, name);
  }
}
