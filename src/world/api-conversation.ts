import type { Dispatcher } from 'undici';
import type { ApiAccess } from './api-access.ts';
import { Turns } from './turns.ts';

export interface Reply {
  status: number;
  /** Undefined when the body is no JSON, or too large. */
  json: unknown;
  /** What the API server's clock showed. */
  date: Date | undefined;
}

/** What changes something. */
export interface Change {
  method: 'POST' | 'PUT' | 'PATCH';
  pathAndQuery: string;
  contentType: string;
  body: string;
}

const MOST_BYTES = 4 * 1024 * 1024;
const AT_ONCE = 8;
/** The kubelet replaces a token long before its end (k8s pkg/kubelet/token/token_manager.go). */
const CREDENTIALS_MS = 60_000;

interface Asked {
  method?: Change['method'];
  body?: string;
  headers?: Record<string, string>;
}

/** Proof of who we are, and the connections that are kept with it. */
interface Credentials {
  headers: Record<string, string>;
  dispatcher: Dispatcher | undefined;
}

/** Many small questions to the API server one after the other, over connections that are kept. */
export class ApiConversation {
  readonly #access: ApiAccess;
  readonly #turns = new Turns(AT_ONCE);
  readonly #ended = new AbortController();
  #credentials: Promise<Credentials> | undefined;
  #credentialsEnd = 0;

  constructor(access: ApiAccess) {
    this.#access = access;
  }

  /** Rejects when there is no answer. */
  get(pathAndQuery: string, signal: AbortSignal): Promise<Reply> {
    return this.#inTurn(pathAndQuery, {}, signal);
  }

  /** Rejects when there is no answer, which is not to say that nothing was changed. */
  change({ pathAndQuery, contentType, ...request }: Change, signal: AbortSignal): Promise<Reply> {
    return this.#inTurn(pathAndQuery, { ...request, headers: { 'Content-Type': contentType } }, signal);
  }

  end(): void {
    this.#ended.abort();
    this.#forgetCredentials();
  }

  #inTurn(pathAndQuery: string, request: Asked, signal: AbortSignal): Promise<Reply> {
    const either = AbortSignal.any([signal, this.#ended.signal]);
    return this.#turns.take(() => this.#ask(pathAndQuery, request, either), either);
  }

  async #ask(pathAndQuery: string, request: Asked, signal: AbortSignal): Promise<Reply> {
    const { fetch } = await import('undici');
    const { headers, dispatcher } = await this.#current();
    const response = await fetch(this.#url(pathAndQuery), {
      ...request,
      headers: { ...headers, ...request.headers },
      ...(dispatcher && { dispatcher }),
      redirect: 'manual',
      signal,
    });
    if (response.status === 401) this.#forgetCredentials();
    const json = await jsonOf(response.body ?? []);
    return { status: response.status, json, date: dateOf(response.headers.get('date')) };
  }

  /** Token and authority are read anew every minute; the connections are new then, too. */
  #current(): Promise<Credentials> {
    if (this.#credentials && performance.now() < this.#credentialsEnd) return this.#credentials;
    this.#forgetCredentials();
    const made = this.#makeCredentials();
    made.catch(() => {
      if (this.#credentials === made) this.#credentials = undefined;
    });
    this.#credentials = made;
    this.#credentialsEnd = performance.now() + CREDENTIALS_MS;
    return made;
  }

  async #makeCredentials(): Promise<Credentials> {
    const { RequestContext } = await import('@kubernetes/client-node/dist/gen/http/http.js');
    const context = new RequestContext(this.#url('/'), 'GET');
    await this.#access.applySecurityAuthentication(context);
    const headers = { ...context.getHeaders(), 'User-Agent': 'premortem', Accept: 'application/json' };
    return { headers, dispatcher: context.getDispatcher() };
  }

  /** What is being asked at the moment is answered all the same. */
  #forgetCredentials(): void {
    this.#credentials?.then(({ dispatcher }) => dispatcher?.close()).catch(() => {});
    this.#credentials = undefined;
  }

  #url(pathAndQuery: string): string {
    return `${this.#access.getCurrentCluster()?.server}${pathAndQuery}`;
  }
}

function dateOf(header: string | null): Date | undefined {
  const date = new Date(header ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}

async function jsonOf(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return undefined;
  }
}
