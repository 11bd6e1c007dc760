import { type KubeObject, valueAt } from '../kubernetes/object.ts';
import { type FieldSelector, namespaceAsked, type Query } from '../model/query.ts';
import { type Answer, known, type Subject, unknown } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import { apiServer } from './api-server.ts';
import type { Cluster } from './cluster.ts';
import { KindWatch, WATCHING, type WatchLogger, type WatchTimings } from './kind-watch.ts';
import { serves, type WatchPlan } from './watch-plan.ts';

/** The world of the webhook in a cluster: what rules ask of is held in memory, so no request makes a look-up. */
export interface WatchedWorld extends World {
  /** Has everything been listed at least once? Once true it stays so. */
  readonly synced: boolean;
  /** Of each kind that is watched, whether what rules ask of it is known at this moment. */
  readonly sights: ReadonlyMap<string, boolean>;
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

/**
 * Begins to watch a cluster as planned, and does not wait for it: until the first lists have come, and after minutes
 * out of touch, the answer is unknown. Throws KubeconfigError.
 */
export async function watchWorld(
  plans: readonly WatchPlan[],
  { cluster, logger, timings = WATCHING, now = () => performance.now() }: WatchOptions,
): Promise<WatchedWorld> {
  const server = await apiServer(cluster);
  const stopped = new AbortController();
  const watches = plans.map(plan => new KindWatch(plan, server, { logger, timings, now }));
  const byQuery = new WeakMap<Query, KindWatch>();
  const watchFor = (query: Query) => {
    const watch = byQuery.get(query) ?? watches.find(({ plan }) => serves(plan, query));
    if (watch) byQuery.set(query, watch);
    return watch;
  };
  for (const watch of watches) watch.follow(stopped.signal);
  return {
    ask: (query, subject) => answer(query, subject, watchFor),
    originOf: () => undefined,
    get synced() {
      return watches.every(({ synced }) => synced);
    },
    get sights() {
      const byKind = Map.groupBy(watches, ({ plan }) => plan.kind.name);
      return new Map(byKind.entries().map(([kind, some]) => [kind, some.every(({ held }) => held.known)]));
    },
    stop: () => stopped.abort(),
  };
}

function answer(
  query: Query,
  { object, operation }: Subject,
  watchFor: (query: Query) => KindWatch | undefined,
): Answer<unknown> {
  if (query.ask === 'alongside') return known(undefined);
  if (!('kind' in query)) return unknown('a watch does not tell');
  if (query.ask === 'owned-by-release' && operation === 'CREATE') return known([]);
  const watch = watchFor(query);
  if (!watch) return unknown(`${query.kind.name} objects are not watched`);
  const held = watch.held;
  if (!held.known) return held;
  if (query.ask === 'named') return known(held.value.named(query.name));
  if (query.ask === 'in-cluster') return known(selected(held.value.all, query.where, watch.plan));
  if (query.ask === 'in-namespace') {
    const asked = namespaceAsked(query, object);
    return known(asked === undefined ? [] : held.value.in(asked));
  }
  const { name, namespace } = object.metadata ?? {};
  if (!namespace) return unknown('the object has no namespace');
  if (query.ask === 'in-same-namespace') return known(held.value.in(namespace));
  if (!name) return unknown('the release has no name');
  return known(selected(held.value.ownedBy(name, namespace), query.where, watch.plan));
}

/** Those whose fields have these values. What the API server has selected by, it was not asked to send. */
function selected(
  objects: readonly KubeObject[],
  where: FieldSelector,
  { fields }: WatchPlan,
): readonly KubeObject[] {
  const open = Object.entries(where).filter(([field]) => !Object.hasOwn(fields, field));
  if (open.length === 0) return objects;
  return objects.filter(one => open.every(([at, value]) => valueAt(one, at.split('.')) === value));
}
