import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Settings } from '../engine/review.ts';
import type { LiveObjects } from '../world/live-objects.ts';
import type { Bench } from './answer-body.ts';
import { createApp } from './app.ts';
import { ByteBudget } from './byte-budget.ts';
import { type Certificate, expiryOf } from './certificates.ts';
import { DRAIN, type DrainTimings, drain } from './drain.ts';
import { Lane } from './lane.ts';
import type { Logger } from './log.ts';
import { Metrics } from './metrics.ts';
import { createOpsApp } from './ops.ts';
import { supervision } from './supervision.ts';
import type { Webhook } from './validate.ts';

export interface ServerOptions {
  /** All addresses when left out. */
  host?: string | undefined;
  /** For AdmissionReviews, over HTTPS; 0 for any that is free. */
  port: number;
  /** For health and metrics, over plain HTTP; 0 for any that is free. */
  opsPort: number;
  /** Left out where the first one is still to come: until then no handshake succeeds. */
  tls?: Certificate | undefined;
  /** Asked each time; undefined when ready. Always ready when left out. */
  whyNotReady?: (() => string | undefined) | undefined;
  /** What to judge by; asked for every request. */
  settings: () => Settings;
  /** Where objects of a release are looked up; left out where there is no cluster. */
  live?: LiveObjects | undefined;
  /** Of each kind that is watched, whether it is in sight, for the metrics; left out where there is no cluster. */
  sights?: (() => ReadonlyMap<string, boolean>) | undefined;
  logger: Logger;
  /** The module whose `rules` judge large bodies, in a process of their own: those of premortem when left out. */
  rulesUrl?: URL | undefined;
  /** Where premortem itself runs: `premortem` when left out. */
  ownNamespace?: string | undefined;
  drain?: DrainTimings;
  /** How long a body may take, in milliseconds. */
  bodyDeadlineMs?: number;
}

export interface RunningServer {
  url: string;
  opsUrl: string;
  /** Serves new connections with another certificate. */
  useCertificate(certificate: Certificate): void;
  /** Tells the metrics whether the last change of the configuration could be used. */
  configurationReloaded(successful: boolean): void;
  /** In the metrics. */
  countBundleRepair(): void;
  /** Stops without losing a request; called a second time, at once. */
  stop(): Promise<void>;
}

/** In bytes, from the first one received until all is judged; large bodies have as much for themselves. */
const BODIES_IN_FLIGHT = 16 * 1024 * 1024;
/** The API server waits 3 s (manifests/base/90-webhook.yaml), and should see the answer. */
const BODY_DEADLINE_MS = 2_500;
const MIN_TLS = 'TLSv1.2';
const MOST_CONNECTIONS = 2000;

/**
 * The API server keeps a connection for 90 s and loses the request that meets our closing of it, so each of these
 * is longer (k8s apimachinery/pkg/util/net/http.go). Slow bodies are bounded by a deadline of their own.
 */
const TIMEOUTS = { keepAliveTimeout: 120_000, headersTimeout: 125_000, requestTimeout: 130_000 };

/** Starts the webhook and its ops server. Rejects when a port cannot be had. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { host, port, opsPort, tls, settings, logger } = options;
  const metrics = new Metrics();
  const supervisor = supervision();
  const bench: Bench = {
    settings: () => ({ ...settings(), supervisor }),
    together: supervisor.together,
    live: options.live,
    intake: { ownNamespace: options.ownNamespace ?? 'premortem' },
  };
  const webhook: Webhook = {
    ...bench,
    lane: new Lane({ bench, supervision: supervisor, rulesUrl: options.rulesUrl }),
    limits: {
      budget: new ByteBudget(BODIES_IN_FLIGHT),
      largeBudget: new ByteBudget(BODIES_IN_FLIGHT),
      deadlineMs: options.bodyDeadlineMs ?? BODY_DEADLINE_MS,
    },
    metrics,
    logger,
    draining: false,
  };
  const server = createHttpsServer(
    { ...tls, ...TIMEOUTS, minVersion: MIN_TLS, ALPNProtocols: ['http/1.1'], handshakeTimeout: 5_000 },
    createApp(webhook),
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.on('tlsClientError', ({ code }: NodeJS.ErrnoException) =>
    logger.debug({ code }, 'TLS handshake failed'),
  );
  const ops = createHttpServer(
    createOpsApp(metrics.registry, {
      whyNotReady: () => (webhook.draining ? 'stopping' : options.whyNotReady?.()),
      beforeMetrics() {
        metrics.rulesRest(supervisor.breaker.resting);
        metrics.kindsInSight(options.sights?.() ?? new Map());
      },
    }),
  );
  ops.maxConnections = 100;
  if (tls) metrics.certificateExpires(expiryOf(tls));

  await listen(server, port, host, logger);
  try {
    await listen(ops, opsPort, host, logger);
  } catch (error) {
    server.close();
    throw error;
  }
  return {
    url: `https://${addressOf(server)}`,
    opsUrl: `http://${addressOf(ops)}`,
    useCertificate(certificate) {
      server.setSecureContext({ ...certificate, minVersion: MIN_TLS });
      metrics.certificateExpires(expiryOf(certificate));
    },
    configurationReloaded: successful => metrics.configurationReloaded(successful),
    countBundleRepair: () => metrics.countBundleRepair(),
    stop: stopper(server, ops, webhook, options.drain ?? DRAIN),
  };
}

function stopper(
  server: HttpsServer,
  ops: Server,
  webhook: Webhook,
  timings: DrainTimings,
): () => Promise<void> {
  const hurry = new AbortController();
  let stopped: Promise<void> | undefined;
  return () => {
    if (stopped) hurry.abort();
    webhook.draining = true;
    stopped ??= drain(server, timings, hurry.signal).then(() => {
      webhook.lane.close();
      ops.close();
      ops.closeAllConnections();
    });
    return stopped;
  };
}

async function listen(
  server: Server | HttpsServer,
  port: number,
  host: string | undefined,
  logger: Logger,
): Promise<void> {
  server.listen({ port, host, backlog: MOST_CONNECTIONS });
  await once(server, 'listening');
  // A connection that cannot be accepted, for want of file descriptors, must not end the process.
  server.on('error', ({ code }: NodeJS.ErrnoException) => logger.error({ code }, 'connection not accepted'));
}

/** `localhost:8443` for a server that listens on all addresses. */
function addressOf(server: Server | HttpsServer): string {
  const { address, family, port } = server.address() as AddressInfo;
  if (address === '::' || address === '0.0.0.0') return `localhost:${port}`;
  return family === 'IPv6' ? `[${address}]:${port}` : `${address}:${port}`;
}
