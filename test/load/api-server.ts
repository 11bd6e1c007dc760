import { Agent, request } from 'node:https';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { createSecureContext } from 'node:tls';

/** client-go/rest/request.go, maxRetries */
const MOST_RETRIES = 10;
/** k8s apimachinery/pkg/util/net/http.go, SetTransportDefaults */
const IDLE_MS = 90_000;

export interface Answer {
  status: number;
  text: string;
}

export interface ApiServerSettings {
  /** What the name of the Service leads to at the moment: origins such as `https://127.0.0.1:4711`. */
  endpoints: readonly string[];
  /** The certificate that all of them serve. */
  ca: string;
  /** 200 when left out: an API server does not let more changes in at once (--max-mutating-requests-inflight). */
  mostConnections?: number | undefined;
  /** How long a connection that nobody uses is kept, in milliseconds; 90 s when left out. */
  idleMs?: number | undefined;
  /** How long a request may take, retries included, in whole seconds; 3 when left out. */
  timeoutSeconds?: number | undefined;
}

/**
 * Asks a webhook as an API server does: HTTP/1.1, connections kept and the latest used first, whatever the server
 * says of its own patience; no session resumed. A request that meets the end of its connection is lost. Only an
 * answer of 429 or 5xx with Retry-After is asked for again (client-go/rest/with_retry.go).
 */
export class ApiServer {
  endpoints: readonly string[];
  retries = 0;
  connections = 0;
  readonly #agent: Agent;
  readonly #timeoutSeconds: number;

  constructor(settings: ApiServerSettings) {
    const { endpoints, ca, mostConnections = 200, idleMs = IDLE_MS, timeoutSeconds = 3 } = settings;
    this.endpoints = endpoints;
    this.#timeoutSeconds = timeoutSeconds;
    this.#agent = new Agent({
      keepAlive: true,
      scheduling: 'lifo',
      maxFreeSockets: 25,
      maxCachedSessions: 0,
      maxSockets: mostConnections,
    });
    this.#agent.keepSocketAlive = socket => {
      (socket as Socket).setTimeout(idleMs).unref();
      return true;
    };
    // Made once: to read the certificate for each connection would cost more than the handshake.
    const secureContext = createSecureContext({ ca });
    const connect = this.#agent.createConnection.bind(this.#agent);
    this.#agent.createConnection = (options, ...rest) => {
      const { hostname, port } = new URL(this.endpoints[this.connections % this.endpoints.length] ?? '');
      this.connections++;
      const here = { ...options, host: hostname, port, secureContext };
      return connect(here, ...rest);
    };
  }

  /** The last answer there was within the time. Rejects where there was none. */
  async ask(body: string | Buffer, route = 'enforce'): Promise<Answer> {
    const deadline = performance.now() + this.#timeoutSeconds * 1000;
    for (let tries = 0; ; tries++) {
      const { retryAfter, ...answer } = await this.#exchange(body, route, deadline);
      if (retryAfter === undefined || tries === MOST_RETRIES) return answer;
      const ms = Number(retryAfter) * 1000;
      if (performance.now() + ms > deadline) throw new Error(`${answer.status}, and no time to ask again`);
      this.retries++;
      await wait(ms);
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(
    body: string | Buffer,
    route: string,
    deadline: number,
  ): Promise<Answer & { retryAfter: string | undefined }> {
    return new Promise((resolve, reject) => {
      const outgoing = request({
        host: 'localhost',
        path: `/validate/${route}?timeout=${this.#timeoutSeconds}s`,
        method: 'POST',
        agent: this.#agent,
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      });
      const late = () => outgoing.destroy(new Error('no answer in time'));
      const timer = setTimeout(late, deadline - performance.now());
      const lose = (error: Error) => {
        clearTimeout(timer);
        reject(error);
      };
      outgoing.on('error', lose);
      outgoing.on('response', response => {
        const { statusCode: status = 0, headers } = response;
        const again = status === 429 || status >= 500;
        text(response).then(text => {
          clearTimeout(timer);
          resolve({ status, text, retryAfter: again ? headers['retry-after'] : undefined });
        }, lose);
      });
      outgoing.end(body);
    });
  }
}
