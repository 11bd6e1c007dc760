import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Background } from './background.ts';
import type { ControlPlane } from './control-plane.ts';
import { passed } from './outcome.ts';
import { freePorts } from './ports.ts';
import { ROOT, shippedConfiguration } from './shipped.ts';
import { until } from './until.ts';

/**
 * The configuration that is shipped, applied. The Service leads to this machine under another name, so that the API
 * server goes by the Service's name when it looks at the certificate, as it does in a cluster; only the port is ours.
 */
export async function installOwnCa(cluster: ControlPlane, port: number, ...flags: string[]): Promise<void> {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'premortem', namespace: 'premortem' },
    spec: { type: 'ExternalName', externalName: 'localhost' },
  };
  passed(await cluster.apply(service));
  const configuration = shippedConfiguration();
  for (const { clientConfig } of configuration.webhooks) {
    if (clientConfig.service) clientConfig.service.port = port;
  }
  passed(await cluster.kubectl(['apply', ...flags, '-f', '-'], { stdin: JSON.stringify(configuration) }));
}

/** One replica of `premortem serve --own-ca`. */
export class OwnCaReplica {
  readonly name: string;
  readonly port: number;
  readonly #metrics: string;
  readonly #server: Background;

  private constructor(name: string, port: number, metricsPort: number, cluster: ControlPlane) {
    this.name = name;
    this.port = port;
    this.#metrics = `http://127.0.0.1:${metricsPort}`;
    const args = [
      join(ROOT, 'src/main.ts'),
      'serve',
      '--host=127.0.0.1',
      `--port=${port}`,
      `--metrics-port=${metricsPort}`,
      '--own-ca',
      `--kubeconfig=${cluster.premortemConfig}`,
      '--log-level=debug',
    ];
    this.#server = new Background(name, process.execPath, args, cluster.folder);
  }

  static async start(name: string, cluster: ControlPlane): Promise<OwnCaReplica> {
    const [port = 0, metricsPort = 0] = await freePorts(2);
    return new OwnCaReplica(name, port, metricsPort, cluster);
  }

  /** What it answers to the kubelet; undefined while it does not listen. */
  async readiness(): Promise<{ isReady: boolean; text: string } | undefined> {
    try {
      const response = await fetch(`${this.#metrics}/readyz`);
      return { isReady: response.status === 200, text: (await response.text()).trim() };
    } catch {
      if (!this.#server.running) throw new Error(`${this.name} has ended`);
      return undefined;
    }
  }

  async ready(): Promise<void> {
    await until(`${this.name} is ready`, 40, async () => (await this.readiness())?.isReady);
  }

  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.#metrics}/metrics`)).text();
    const line = text.split('\n').find(line => line.startsWith(`${name} `));
    return Number(line?.slice(name.length));
  }

  /** The certificate that it serves. */
  async certificate(): Promise<X509Certificate> {
    const socket = connect({ host: '127.0.0.1', port: this.port, rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const certificate = socket.getPeerX509Certificate();
    socket.destroy();
    if (!certificate) throw new Error(`${this.name} serves no certificate`);
    return certificate;
  }

  get log(): string {
    return this.#server.log;
  }

  lastWords(): string {
    return this.#server.lastWords();
  }

  async stop(): Promise<void> {
    await this.#server.stop('SIGKILL');
  }
}
