import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { WebhookConfiguration } from '../../../src/webhook/authority/bundle.ts';
import { dataOf, type Keyring, readKeyring, SECRET_TYPE } from '../../../src/webhook/authority/keyring.ts';
import type { Cluster } from '../../../src/world/cluster.ts';

export const SECRET = '/api/v1/namespaces/premortem/secrets/premortem-ca';
export const CONFIGURATION =
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/premortem';

type Stored = Record<string, unknown> & { metadata: { name: string; resourceVersion?: string } };
type Verb = 'get' | 'create' | 'update' | 'patch';

/** What a request meets instead of an answer: a status, or silence. */
export type Fault = number | 'silence' | undefined;

/** As much of an API server as an authority needs, on loopback, with the faults of a real one at hand. */
export class FakeCluster {
  /** `update secrets` */
  readonly requests: string[] = [];
  /** Asked for every request. */
  fault: (request: string) => Fault = () => undefined;
  /** How many changes ago what it answers to a get was true. */
  staleness: () => number = () => 0;
  clock: () => Date = () => new Date();
  readonly #history = new Map<string, (Stored | undefined)[]>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'premortem-authority-'));
  #version = 0;
  #server: Server | undefined;
  #port = 0;

  async start(): Promise<void> {
    for (const file of ['token', 'ca.crt']) writeFileSync(join(this.#folder, file), '');
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** As after `kill -9`. It may be started again. */
  async stop(): Promise<void> {
    if (!this.#server?.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true });
  }

  get cluster(): Cluster {
    return { server: `http://127.0.0.1:${this.#port}`, serviceAccount: this.#folder };
  }

  /** Forgets everything, and what was before. */
  clear(): void {
    this.#history.clear();
  }

  /** Puts the configuration in as the manifests have it: with these webhooks, none of which has a caBundle. */
  install(...webhooks: string[]): void {
    const entries = webhooks.map(name => ({ name, clientConfig: {} }));
    this.store(CONFIGURATION, { metadata: { name: 'premortem' }, webhooks: entries });
  }

  get configuration(): WebhookConfiguration {
    return (this.#now(CONFIGURATION) ?? {}) as WebhookConfiguration;
  }

  get keyring(): Keyring {
    return readKeyring(this.#now(SECRET));
  }

  storeKeyring(keyring: Keyring): void {
    this.storeSecret({ type: SECRET_TYPE, data: dataOf(keyring) });
  }

  storeSecret(secret: object): void {
    this.store(SECRET, { ...secret, metadata: { name: 'premortem-ca' } });
  }

  /** As somebody else does. */
  setBundle(webhook: string, caBundle: string): void {
    const webhooks = this.configuration.webhooks?.map(one =>
      one.name === webhook ? { ...one, clientConfig: { caBundle } } : one,
    );
    this.store(CONFIGURATION, { ...(this.configuration as Stored), webhooks });
  }

  store(path: string, object: Stored | undefined): void {
    this.#version++;
    const metadata = object && { ...object.metadata, resourceVersion: `${this.#version}` };
    const past = this.#history.get(path) ?? [undefined];
    this.#history.set(path, [...past, object && { ...object, metadata: metadata as Stored['metadata'] }]);
  }

  #now(path: string): Stored | undefined {
    return this.#history.get(path)?.at(-1);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const verb = VERBS[request.method ?? ''] ?? 'get';
    const body = verb === 'get' ? undefined : await json(request);
    const asked = `${verb} ${pathname.includes('/secrets') ? 'secrets' : 'configuration'}`;
    this.requests.push(asked);
    const fault = this.fault(asked);
    if (fault === 'silence') return;
    const [status, object] = fault === undefined ? this.#do(verb, pathname, body) : [fault, FAILURE];
    response.writeHead(status, { 'Content-Type': 'application/json', Date: this.clock().toUTCString() });
    response.end(JSON.stringify(object));
  }

  #do(verb: Verb, path: string, body: unknown): [status: number, object: unknown] {
    if (verb === 'get') {
      const past = this.#history.get(path) ?? [undefined];
      const object = past[Math.max(0, past.length - 1 - this.staleness())];
      return object ? [200, object] : [404, FAILURE];
    }
    if (verb === 'create') {
      const object = body as Stored;
      const at = `${path}/${object.metadata.name}`;
      if (this.#now(at)) return [409, FAILURE];
      this.store(at, object);
      return [201, this.#now(at)];
    }
    const there = this.#now(path);
    if (!there) return [404, FAILURE];
    if (verb === 'patch') return this.#patch(path, there, body as PatchStep[]);
    const { metadata } = body as Stored;
    if (metadata.resourceVersion !== there.metadata.resourceVersion) return [409, FAILURE];
    this.store(path, body as Stored);
    return [200, this.#now(path)];
  }

  #patch(path: string, there: Stored, steps: PatchStep[]): [status: number, object: unknown] {
    const patched = structuredClone(there);
    for (const { op, path, value } of steps) {
      const keys = path.slice(1).split('/');
      const last = keys.pop() ?? '';
      const parent = keys.reduce((at: unknown, key) => (at as Record<string, unknown>)[key], patched);
      if (op === 'add') (parent as Record<string, unknown>)[last] = value;
      else if ((parent as Record<string, unknown>)[last] !== value) return [422, FAILURE];
    }
    this.store(path, patched);
    return [200, this.#now(path)];
  }
}

interface PatchStep {
  op: 'add' | 'test';
  path: string;
  value: unknown;
}

const VERBS: Record<string, Verb> = { POST: 'create', PUT: 'update', PATCH: 'patch' };
const FAILURE = { kind: 'Status', apiVersion: 'v1', status: 'Failure' };
