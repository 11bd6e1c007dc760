import { builtInKinds, type Kind } from '../kubernetes/kinds.ts';
import { askedKinds, type Query } from '../model/query.ts';
import type { Rule } from '../model/rule.ts';
import { type Answer, type Subject, unknown } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import { apiServer } from './api-server.ts';
import type { Cluster } from './cluster.ts';
import { KindWatch, WATCHING, type WatchLogger, type WatchTimings } from './kind-watch.ts';

/** The world of the webhook in a cluster: what rules ask of is held in memory, so no request makes a look-up. */
export interface WatchedWorld extends World {
  /** Has everything been listed at least once? Once true it stays so. */
  readonly synced: boolean;
  /** Ends all requests and timers. What is held stays, and grows stale. */
  stop(): void;
}

export interface WatchOptions {
  cluster: Cluster;
  logger: WatchLogger;
  timings?: WatchTimings;
  /** In milliseconds; only differences matter. */
  now?: () => number;
}

/** Which kinds have to be watched for what the rules ask. Throws if that is more than may be watched. */
export function watchedKinds(rules: readonly Rule[]): Kind<unknown>[] {
  const needs = rules.map(rule => rule.needs);
  const kinds = askedKinds(needs, 'in-same-namespace');
  for (const kind of kinds) {
    if (kind.scope !== 'Namespaced' || !(builtInKinds as readonly Kind<unknown>[]).includes(kind))
      throw new Error(`${kind.name} is no kind that can be asked for by namespace`);
    if (kind.confidential) throw new Error(`${kind.name} objects are confidential and never read`);
  }
  return kinds;
}

/**
 * Begins to watch these kinds in a cluster, and does not wait for it: until the first list has come, and after
 * minutes out of touch, the answer is unknown. Throws KubeconfigError.
 */
export async function watchWorld(
  kinds: readonly Kind<unknown>[],
  { cluster, logger, timings = WATCHING, now = () => performance.now() }: WatchOptions,
): Promise<WatchedWorld> {
  const server = await apiServer(cluster);
  const stopped = new AbortController();
  const watches = new Map(kinds.map(kind => [kind, new KindWatch(kind, server, { logger, timings, now })]));
  for (const watch of watches.values()) watch.follow(stopped.signal);
  return {
    ask: (query, subject) => answer(query, subject, watches),
    originOf: () => undefined,
    get synced() {
      return watches.values().every(({ synced }) => synced);
    },
    stop: () => stopped.abort(),
  };
}

function answer(
  query: Query,
  { object }: Subject,
  watches: ReadonlyMap<Kind<unknown>, KindWatch>,
): Answer<unknown> {
  if (query.ask !== 'in-same-namespace') return unknown('a watch does not tell');
  const namespace = object.metadata?.namespace;
  if (!namespace) return unknown('the object has no namespace');
  return watches.get(query.kind)?.in(namespace) ?? unknown(`${query.kind.name} objects are not watched`);
}
