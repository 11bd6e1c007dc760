import { once } from 'node:events';
import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';
import { makeCertificates } from '../../certs/authority.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import type { ControlPlane } from './control-plane.ts';
import { passed } from './outcome.ts';
import { freePorts } from './ports.ts';

/** Somebody else's webhook: asked about all Pods and Deployments of one namespace, and nothing passes without it. */
export class Neighbour {
  readonly #cluster: ControlPlane;
  #port = 0;
  #server: ReturnType<typeof createServer> | undefined;

  constructor(cluster: ControlPlane) {
    this.#cluster = cluster;
  }

  /** From now on the API server asks it; it does not answer yet. */
  async install(namespace: string): Promise<void> {
    const [port = 0] = await freePorts(1);
    const { authority, serving, servingKey } = await makeCertificates(['localhost']);
    this.#port = port;
    this.#server = createServer({ cert: serving, key: servingKey }, async (request, response) => {
      const { apiVersion, kind, request: asked } = (await json(request)) as Review;
      const answer = { apiVersion, kind, response: { uid: asked.uid, allowed: true } };
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    });
    passed(await this.#cluster.apply(configuration(namespace, port, authority)));
  }

  /** It comes back. */
  async serve(): Promise<void> {
    const server = this.#server?.listen(this.#port, '127.0.0.1');
    if (server) await once(server, 'listening');
  }

  async remove(): Promise<void> {
    passed(await this.#cluster.kubectl(['delete', 'validatingwebhookconfiguration', 'neighbour']));
    this.#server?.close();
    this.#server?.closeAllConnections();
  }
}

interface Review {
  apiVersion: string;
  kind: string;
  request: { uid: string };
}

function configuration(namespace: string, port: number, authority: string): KubeObject {
  const webhook = {
    name: 'pods.neighbour.example',
    clientConfig: { url: `https://localhost:${port}/`, caBundle: Buffer.from(authority).toString('base64') },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [
      { apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] },
      { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['deployments'], operations: ['*'] },
    ],
    failurePolicy: 'Fail',
    timeoutSeconds: 1,
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
  };
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const kind = 'ValidatingWebhookConfiguration';
  return { apiVersion, kind, metadata: { name: 'neighbour' }, webhooks: [webhook] };
}
