import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Stored {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; resourceVersion?: string; [field: string]: unknown };
  spec?: object;
}

type Verb = 'list' | 'watch' | 'get';

const LIMIT_RANGES = '/api/v1/limitranges';

/**
 * As much of an API server as a world needs, on loopback, with the faults of a real one at hand. It may be stopped
 * and started again, and keeps its objects and its port. It takes no notice of selectors.
 */
export class FakeApiServer {
  /** Every request with its query, for what is not JSON alone with the type that was asked for. */
  readonly requests: string[] = [];
  /** What a request is answered with instead, if anything. */
  refuseWith: number | undefined;
  /** Is every question left without an answer? */
  silent = false;
  /** How often somebody connected. */
  connections = 0;
  /** How many objects were asked for by name at once, at the most. */
  mostAtOnce = 0;
  #atOnce = 0;
  readonly tokens = new Set<string | undefined>();
  readonly #objects = new Map<string, Stored>();
  readonly #watches = new Map<ServerResponse, Watching>();
  /** Changes up to and including this version are no longer told. */
  #forgotten = 0;
  readonly #history: { version: number; path: string; type: string; object: Stored }[] = [];
  #version = 100;
  #server: Server | undefined;
  #port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response));
    server.on('connection', () => this.connections++);
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** As after `kill -9`: every connection is cut. */
  async stop(): Promise<void> {
    if (!this.#server?.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get watching(): number {
    return this.#watches.size;
  }

  count(verb: Verb): number {
    return this.requests.filter(request => request.startsWith(verb)).length;
  }

  /** A LimitRange. */
  put(namespace: string, name: string, spec: object): void {
    this.store(LIMIT_RANGES, { apiVersion: 'v1', kind: 'LimitRange', metadata: { name, namespace }, spec });
  }

  /** Any object, among those of its kind. */
  store(path: string, object: Stored): void {
    const key = keyOf(path, object.metadata.namespace, object.metadata.name);
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#version++;
    const metadata = { managedFields: [{ manager: 'kubectl' }], ...object.metadata };
    const stored = { ...object, metadata: { ...metadata, resourceVersion: `${this.#version}` } };
    this.#objects.set(key, stored);
    this.#tell(path, type, stored);
  }

  remove(namespace: string, name: string): void {
    const key = keyOf(LIMIT_RANGES, namespace, name);
    const removed = this.#objects.get(key);
    if (!removed || !this.#objects.delete(key)) return;
    this.#version++;
    const metadata = { ...removed.metadata, resourceVersion: `${this.#version}` };
    this.#tell(LIMIT_RANGES, 'DELETED', { ...removed, metadata });
  }

  /** Cuts the connections of all watches. */
  dropWatches(): void {
    for (const watch of this.#watches.keys()) watch.destroy();
  }

  /** Ends all watches in good order, as at the end of their time. */
  endWatches(): void {
    for (const watch of this.#watches.keys()) watch.end();
    this.#watches.clear();
  }

  /** Forgets all changes so far, and tells the watches so: they have to list again. */
  forget(): void {
    this.#version++;
    this.#forgotten = this.#version;
    for (const watch of this.#watches.keys()) watch.end(GONE);
    this.#watches.clear();
  }

  #tell(path: string, type: string, object: Stored): void {
    this.#history.push({ version: this.#version, path, type, object });
    for (const [watch, watching] of this.#watches)
      if (watching.path === path) watch.write(eventLine(type, asAsked(object, watching.accept)));
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.url);
    const { accept = '' } = headers;
    const one = /^(.+)\/namespaces\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(pathname);
    const verb: Verb = one ? 'get' : searchParams.has('watch') ? 'watch' : 'list';
    const as = accept === 'application/json' ? '' : ` ${accept}`;
    this.requests.push(`${verb} ${pathname}?${searchParams}${as}`);
    this.tokens.add(headers.authorization);
    if (this.silent) return;
    if (this.refuseWith !== undefined) response.writeHead(this.refuseWith).end('{"kind":"Status"}');
    else if (one) this.#get(response, keyOf(`${one[1]}/${one[3]}`, one[2], one[4]));
    else if (verb === 'list') this.#list(response, { path: pathname, accept });
    else this.#watch(response, Number(searchParams.get('resourceVersion')), { path: pathname, accept });
  }

  #list(response: ServerResponse, { path, accept }: Watching): void {
    const metadata = { resourceVersion: `${this.#version}` };
    const items = [...this.#objects]
      .filter(([key]) => key.startsWith(`${path} `))
      .map(([, object]) => asAsked(object, accept));
    const none = isMetadata(accept) ? null : [];
    const list = { kind: 'List', apiVersion: 'v1', metadata, items: items.length > 0 ? items : none };
    response.writeHead(200, JSON_TYPE).end(JSON.stringify(list));
  }

  #watch(response: ServerResponse, since: number, watching: Watching): void {
    response.writeHead(200, JSON_TYPE).flushHeaders();
    if (since < this.#forgotten) {
      response.end(GONE);
      return;
    }
    for (const { version, path, type, object } of this.#history)
      if (version > since && path === watching.path)
        response.write(eventLine(type, asAsked(object, watching.accept)));
    this.#watches.set(response, watching);
    response.once('close', () => this.#watches.delete(response));
  }

  /** After a while, so that others can ask meanwhile. */
  #get(response: ServerResponse, key: string): void {
    this.#atOnce++;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    setTimeout(() => {
      this.#atOnce--;
      const object = this.#objects.get(key);
      response.writeHead(object ? 200 : 404, JSON_TYPE).end(JSON.stringify(object ?? NOT_FOUND));
    }, 5);
  }
}

interface Watching {
  path: string;
  accept: string;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };

function keyOf(path: string, namespace = '', name = ''): string {
  return `${path} ${namespace}/${name}`;
}

function eventLine(type: string, object: unknown): string {
  return `${JSON.stringify({ type, object })}\n`;
}

function isMetadata(accept: string): boolean {
  return accept.includes(';as=PartialObjectMetadata');
}

/** The whole object or, where that was asked for, its metadata. */
function asAsked(object: Stored, accept: string): unknown {
  if (!isMetadata(accept)) return object;
  return { apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: object.metadata };
}

const NOT_FOUND = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };

/** k8s apimachinery/pkg/api/errors, NewResourceExpired */
const GONE = `${JSON.stringify({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 },
})}\n`;
