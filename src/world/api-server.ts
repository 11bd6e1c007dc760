import type { KubeConfig } from '@kubernetes/client-node';
import type { RequestContext } from '@kubernetes/client-node/dist/gen/http/http.js';
import type { Dispatcher } from 'undici';
import { own } from '../kubernetes/object.ts';
import { type ApiAccess, accessTo } from './api-access.ts';
import type { Cluster } from './cluster.ts';
import { ListReader } from './list-reader.ts';
import type { WatchPlan } from './watch-plan.ts';

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

/** All objects of a kind, or those of them that selectors leave. */
export interface Selection {
  path: string;
  parts: WatchPlan['parts'];
  /** As in a query: `labelSelector`, `fieldSelector`. */
  selectors: Readonly<Record<string, string>>;
}

/** Lists and watches, and nothing else. */
export interface ApiServer {
  /** Hands on each item as it arrives, from the API server's memory: never a question to etcd. Gives the rest. */
  list(selection: Selection, onItem: (item: unknown) => void, signal: AbortSignal): Promise<unknown>;
  /** Tells every change since a version, until the API server ends the watch; rejects when it breaks. */
  watch(
    selection: Selection,
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
  const { RequestContext } = await import('@kubernetes/client-node/dist/gen/http/http.js');
  const { fetch } = await import('undici');

  return {
    async list({ path, parts, selectors }, onItem, signal) {
      const connection = new Connection(access, accepted(parts, 'PartialObjectMetadataList'));
      try {
        const context = new RequestContext(connection.url(path), 'GET');
        for (const [key, value] of Object.entries({ ...selectors, resourceVersion: '0' }))
          context.setQueryParam(key, value);
        await connection.applySecurityAuthentication(context);
        const dispatcher = context.getDispatcher();
        const { status, body } = await fetch(context.getUrl(), {
          headers: context.getHeaders(),
          ...(dispatcher && { dispatcher }),
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]),
        });
        if (status !== 200) throw new Refused(status);
        const reader = new ListReader(onItem);
        for await (const chunk of body ?? []) reader.push(chunk);
        return reader.end();
      } finally {
        connection.close();
      }
    },

    async watch({ path, parts, selectors }, resourceVersion, onEvent, signal) {
      signal.throwIfAborted();
      const connection = new Connection(access, accepted(parts, 'PartialObjectMetadata'));
      const ended = Promise.withResolvers<void>();
      let refused: Refused | undefined;
      let over = false;
      const opening = new Watch(connection as ApiAccess as KubeConfig).watch(
        path,
        // Without bookmarks the version of a quiet watch grows so old that it has to list again.
        { ...selectors, resourceVersion, allowWatchBookmarks: true, timeoutSeconds: WATCH_SECONDS },
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

/** What the API server is to answer with: it leaves out all but the metadata itself. */
function accepted(parts: WatchPlan['parts'], as: string): string {
  const isInMetadata = parts.every(([step]) => step === 'metadata');
  return isInMetadata ? `application/json;as=${as};g=meta.k8s.io;v=v1` : 'application/json';
}

/** One request's own connection, which can be closed wherever the request stands. */
class Connection implements ApiAccess {
  readonly #access: ApiAccess;
  readonly #accept: string;
  #dispatcher: Dispatcher | undefined;
  #closed = false;

  constructor(access: ApiAccess, accept: string) {
    this.#access = access;
    this.#accept = accept;
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
    context.setHeaderParam('Accept', this.#accept);
    // Decompressing a list would take us longer than it takes to arrive.
    context.setHeaderParam('Accept-Encoding', 'identity');
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
