import type { Server as HttpsServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface DrainTimings {
  /** How long to go on accepting connections, until no API server knows us any more. */
  graceMs: number;
  /** When to give up waiting for clients to close theirs, counted from the start. */
  limitMs: number;
}

/** The API server closes idle connections after 90 s; a pod's grace period should be 120 s. */
export const DRAIN: DrainTimings = { graceMs: 10_000, limitMs: 110_000 };

/**
 * Stops a server without losing a request: it goes on for the grace period, then stops listening and waits until
 * the clients have closed every connection. To close an idle one would break the request that is just being sent
 * on it, which the API server does not repeat (Go net/http, shouldRetryRequest). `hurry` ends all waiting.
 */
export async function drain(
  server: HttpsServer,
  { graceMs, limitMs }: DrainTimings,
  hurry: AbortSignal,
): Promise<void> {
  await pause(graceMs, hurry);
  const done = new AbortController();
  // Not server.close(), which since Node 19 destroys idle connections.
  NetServer.prototype.close.call(server, () => done.abort());
  await pause(limitMs - graceMs, AbortSignal.any([hurry, done.signal]));
  server.close();
  server.closeAllConnections();
}

async function pause(ms: number, end: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal: end }).catch(() => {});
}
