import { setTimeout as wait } from 'node:timers/promises';
import { own } from '../kubernetes/object.ts';
import { type Answer, known, unknown } from '../model/subject.ts';
import { collectionPath } from './api-path.ts';
import { type ApiServer, isGone, problemOf, type Selection, type WatchEvent } from './api-server.ts';
import { HeldObjects } from './held-objects.ts';
import type { WatchPlan } from './watch-plan.ts';

export interface WatchTimings {
  /** The pause after a first failure; each further one doubles it, give or take. */
  firstRetryMs: number;
  longestRetryMs: number;
  /** How long the API server may be out of touch before what is held counts as unknown. */
  staleMs: number;
}

export const WATCHING: WatchTimings = { firstRetryMs: 1000, longestRetryMs: 60_000, staleMs: 300_000 };

export interface WatchLogger {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface WatchSettings {
  logger: WatchLogger;
  timings: WatchTimings;
  /** In milliseconds; only differences matter. */
  now: () => number;
}

/** Keeps the objects of one kind in a cluster in memory, by list and watch. */
export class KindWatch {
  readonly plan: WatchPlan;
  readonly #kind: string;
  readonly #apiServer: ApiServer;
  readonly #settings: WatchSettings;
  readonly #selection: Selection;
  #held: HeldObjects;
  /** The version of the cluster up to which it is told; undefined when a new list is due. */
  #version: string | undefined;
  #lastHeard: number | undefined;
  /** In a row. */
  #failures = 0;
  #problem: string | undefined;

  constructor(plan: WatchPlan, apiServer: ApiServer, settings: WatchSettings) {
    this.plan = plan;
    this.#kind = plan.kind.name;
    this.#apiServer = apiServer;
    this.#settings = settings;
    this.#held = new HeldObjects(plan.kind, plan.parts);
    this.#selection = selectionOf(plan);
  }

  /** Has it been listed at least once? */
  get synced(): boolean {
    return this.#lastHeard !== undefined;
  }

  /** The objects, as they were told last. */
  get held(): Answer<HeldObjects> {
    if (this.#lastHeard === undefined) return unknown(`${this.#kind} objects are not known yet`);
    if (this.#settings.now() - this.#lastHeard > this.#settings.timings.staleMs)
      return unknown(`${this.#kind} objects have been out of sight for minutes and may have changed`);
    return known(this.#held);
  }

  /** Lists, then watches, and begins again whatever happens. Never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const begun = this.#settings.now();
      try {
        const version = this.#version ?? (await this.#list(signal));
        await this.#apiServer.watch(this.#selection, version, event => this.#apply(event), signal);
        this.#heard();
        // A watch that is ended as soon as it begins would otherwise be begun again without a pause.
        if (this.#settings.now() - begun < this.#settings.timings.firstRetryMs) this.#failures++;
        else this.#failures = 0;
      } catch (error) {
        if (!signal.aborted) this.#failed(error);
      }
      await this.#pause(signal);
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const listed = new HeldObjects(this.plan.kind, this.plan.parts);
    const list = await this.#apiServer.list(this.#selection, item => listed.put(item), signal);
    const version = versionOf(list);
    const items = own(list, 'items');
    // Where there is no metadata at all, the API server writes `null`.
    const isList = Array.isArray(items) || items === null;
    if (!isList || version === undefined) throw new TypeError('this is no list');
    this.#held = listed;
    this.#version = version;
    if (!this.synced || this.#problem !== undefined)
      this.#settings.logger.info({ kind: this.#kind, objects: listed.size }, 'listed');
    this.#problem = undefined;
    this.#heard();
    return version;
  }

  #apply({ type, object }: WatchEvent): void {
    if (type === 'DELETED') this.#held.drop(object);
    else if (type === 'ADDED' || type === 'MODIFIED') this.#held.put(object);
    this.#version = versionOf(object) ?? this.#version;
    this.#heard();
    this.#failures = 0;
  }

  #heard(): void {
    this.#lastHeard = this.#settings.now();
  }

  #failed(error: unknown): void {
    this.#version = undefined;
    this.#failures++;
    if (isGone(error)) return;
    const problem = problemOf(error);
    if (problem !== this.#problem)
      this.#settings.logger.warn({ kind: this.#kind, problem }, 'cannot be watched for now');
    this.#problem = problem;
  }

  async #pause(signal: AbortSignal): Promise<void> {
    if (this.#failures === 0) return;
    const { firstRetryMs, longestRetryMs } = this.#settings.timings;
    // The random part keeps replicas from asking all at once.
    const pause = firstRetryMs * 2 ** (this.#failures - 1) * (1 + Math.random());
    await wait(Math.min(pause, longestRetryMs), undefined, { signal, ref: false }).catch(() => {});
  }
}

function versionOf(object: unknown): string | undefined {
  const version = own(own(object, 'metadata'), 'resourceVersion');
  return typeof version === 'string' && version !== '' ? version : undefined;
}

function selectionOf({ kind, parts, labels, fields }: WatchPlan): Selection {
  const selectors: Record<string, string> = {};
  if (Object.keys(labels).length > 0) selectors.labelSelector = equal(labels);
  if (Object.keys(fields).length > 0) selectors.fieldSelector = equal(fields);
  return { path: collectionPath(kind), parts, selectors };
}

function equal(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}
