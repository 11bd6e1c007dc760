import type { KubeConfig } from '@kubernetes/client-node';
import type { RequestContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import type { Dispatcher } from 'undici';
import { own } from '../kubernetes/object.ts';
import { type ApiAccess, accessTo } from './api-access.ts';
import type { Cluster } from './cluster.ts';

/** The longest that a list may take. */
const LIST_MS = 30_000;
/** After so long the API server ends a watch in good order: client-node takes 30 s of silence for a dead connection. */
const WATCH_SECONDS = 25;

/** The API server answered, but not what was asked for. */
class Refused extends Error {
  readonly statusCode: number;

  constructor(statusCode: number) {
    super(`HTTP ${statusCode}`);
    this.statusCode = statusCode;
  }
}

export interface WatchEvent {
  type: string;
  object: unknown;
}

/** Lists and watches, and nothing else. */
export interface ApiServer {
  /** The parsed list, from the API server's memory: never a question to etcd. */
  list(path: string, signal: AbortSignal): Promise<unknown>;
  /** Tells every change since a version, until the API server ends the watch; rejects when it breaks. */
  watch(
    path: string,
    resourceVersion: string,
    onEvent: (event: WatchEvent) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/**
 * Prepares requests to a cluster, without sending any. The Kubernetes client is loaded only now, and only the part
 * that watches. Throws KubeconfigError.
 */
export async function apiServer(cluster: Cluster): Promise<ApiServer> {
  const access = await accessTo(cluster);
  const { Watch } = await import('@kubernetes/client-node/dist/watch.js');
  const http = await import('@kubernetes/client-node/dist/gen/http/http.js');
  const library = new http.IsomorphicFetchHttpLibrary();

  return {
    async list(path, signal) {
      const connection = new Connection(access);
      try {
        const context = new http.RequestContext(connection.url(path), 'GET');
        context.setQueryParam('resourceVersion', '0');
        context.setSignal(AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]));
        await connection.applySecurityAuthentication(context);
        const { httpStatusCode, body } = await library.send(context).toPromise();
        if (httpStatusCode !== 200) throw new Refused(httpStatusCode);
        return JSON.parse(await body.text());
      } finally {
        connection.close();
      }
    },

    async watch(path, resourceVersion, onEvent, signal) {
      signal.throwIfAborted();
      const connection = new Connection(access);
      const ended = Promise.withResolvers<void>();
      let refused: Refused | undefined;
      let over = false;
      const opening = new Watch(connection as ApiAccess as KubeConfig).watch(
        path,
        { resourceVersion, timeoutSeconds: WATCH_SECONDS },
        (type, object) => {
          if (type === 'ERROR') refused = new Refused(Number(own(object, 'code')) || 500);
          else if (!over) onEvent({ type, object });
        },
        error => (error || refused ? ended.reject(error ?? refused) : ended.resolve()),
      );
      opening.catch(ended.reject);
      const stop = () => ended.reject(signal.reason);
      signal.addEventListener('abort', stop);
      try {
        await ended.promise;
      } finally {
        over = true;
        signal.removeEventListener('abort', stop);
        opening.then(controller => controller.abort()).catch(() => {});
        connection.close();
      }
    },
  };
}

/** One request's own connection, which can be closed wherever the request stands. */
class Connection implements ApiAccess {
  readonly #access: ApiAccess;
  #dispatcher: Dispatcher | undefined;
  #closed = false;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  getCurrentCluster(): ReturnType<ApiAccess['getCurrentCluster']> {
    return this.#access.getCurrentCluster();
  }

  url(path: string): string {
    return `${this.getCurrentCluster()?.server}${path}`;
  }

  async applySecurityAuthentication(context: RequestContext): Promise<void> {
    await this.#access.applySecurityAuthentication(context);
    context.setHeaderParam('User-Agent', 'premortem');
    this.#dispatcher = context.getDispatcher();
    if (this.#closed) this.close();
  }

  close(): void {
    this.#closed = true;
    this.#dispatcher?.destroy().catch(() => {});
  }
}

/** Was a watch refused because it asked for changes that are too long ago? A new list puts that right. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 410;
}

/** Why a request failed, in words that quote nothing of an answer. */
export function problemOf(error: unknown): string {
  if (error instanceof Error && 'statusCode' in error) return `HTTP ${error.statusCode}`;
  let cause = error;
  while (cause instanceof Error) {
    if ('code' in cause && typeof cause.code === 'string') return cause.message || cause.code;
    if (cause.cause === undefined) return cause.name;
    cause = cause.cause;
  }
  return 'unknown';
}
