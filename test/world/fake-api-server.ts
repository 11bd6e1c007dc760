import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Stored {
  metadata: { name: string; namespace: string; resourceVersion: string; managedFields: object[] };
  spec: object;
}

/**
 * As much of an API server as a watch of LimitRanges needs, on loopback, with the faults of a real one at hand. It
 * may be stopped and started again, and keeps its objects and its port.
 */
export class FakeApiServer {
  /** Every request, as `list` or `watch`, with its query. */
  readonly requests: string[] = [];
  /** What a request is answered with instead, if anything. */
  refuseWith: number | undefined;
  readonly tokens = new Set<string | undefined>();
  readonly #objects = new Map<string, Stored>();
  readonly #watches = new Set<ServerResponse>();
  /** Changes up to and including this version are no longer told. */
  #forgotten = 0;
  readonly #history: { version: number; line: string }[] = [];
  #version = 100;
  #server: Server | undefined;
  #port = 0;

  async start(): Promise<void> {
    const server = createServer((request, response) => this.#answer(request, response));
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

  count(verb: 'list' | 'watch'): number {
    return this.requests.filter(request => request.startsWith(verb)).length;
  }

  put(namespace: string, name: string, spec: object): void {
    const key = `${namespace}/${name}`;
    const type = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    this.#version++;
    const managedFields = [{ manager: 'kubectl' }];
    const metadata = { name, namespace, resourceVersion: `${this.#version}`, managedFields };
    this.#objects.set(key, { metadata, spec });
    this.#tell(type, { metadata, spec });
  }

  remove(namespace: string, name: string): void {
    const removed = this.#objects.get(`${namespace}/${name}`);
    if (!removed || !this.#objects.delete(`${namespace}/${name}`)) return;
    this.#version++;
    this.#tell('DELETED', {
      ...removed,
      metadata: { ...removed.metadata, resourceVersion: `${this.#version}` },
    });
  }

  /** Cuts the connections of all watches. */
  dropWatches(): void {
    for (const watch of this.#watches) watch.destroy();
  }

  /** Ends all watches in good order, as at the end of their time. */
  endWatches(): void {
    for (const watch of this.#watches) watch.end();
    this.#watches.clear();
  }

  /** Forgets all changes so far, and tells the watches so: they have to list again. */
  forget(): void {
    this.#version++;
    this.#forgotten = this.#version;
    for (const watch of this.#watches) watch.end(GONE);
    this.#watches.clear();
  }

  #tell(type: string, object: Stored): void {
    const typed = { apiVersion: 'v1', kind: 'LimitRange', ...object };
    const line = `${JSON.stringify({ type, object: typed })}\n`;
    this.#history.push({ version: this.#version, line });
    for (const watch of this.#watches) watch.write(line);
  }

  #answer({ url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(url, this.url);
    const verb = searchParams.has('watch') ? 'watch' : 'list';
    this.requests.push(`${verb} ${pathname}?${searchParams}`);
    this.tokens.add(headers.authorization);
    if (this.refuseWith !== undefined) response.writeHead(this.refuseWith).end('{"kind":"Status"}');
    else if (verb === 'list') this.#list(response);
    else this.#watch(response, Number(searchParams.get('resourceVersion')));
  }

  #list(response: ServerResponse): void {
    const metadata = { resourceVersion: `${this.#version}` };
    const items = [...this.#objects.values()];
    const list = { kind: 'LimitRangeList', apiVersion: 'v1', metadata, items };
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(list));
  }

  #watch(response: ServerResponse, since: number): void {
    response.writeHead(200, { 'Content-Type': 'application/json' }).flushHeaders();
    if (since < this.#forgotten) {
      response.end(GONE);
      return;
    }
    for (const { version, line } of this.#history) if (version > since) response.write(line);
    this.#watches.add(response);
    response.once('close', () => this.#watches.delete(response));
  }
}

/** k8s apimachinery/pkg/api/errors, NewResourceExpired */
const GONE = `${JSON.stringify({
  type: 'ERROR',
  object: { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Expired', code: 410 },
})}\n`;
