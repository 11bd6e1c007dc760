import { Worker } from 'node:worker_threads';
import { kindOf } from '../kubernetes/kinds.ts';
import type { Query } from '../model/query.ts';
import { type Operation, type Subject, unknown } from '../model/subject.ts';
import { type Answered, type Bench, JudgingFailed } from './answer-body.ts';
import type { AskedQuery, AskedSubject, FromLane, Job, LaneData, ToLane } from './lane-messages.ts';
import type { Route } from './outcome.ts';
import { askElsewhere, Refusal } from './refusal.ts';
import type { Supervision } from './supervision.ts';
import { type Trace, traceOf } from './trace.ts';

/** Bodies from this size on would hold up all others for longer than these take. */
const LARGE = 512 * 1024;
/** A stored release is packed, and each of its objects is parsed as YAML. */
const LARGE_RELEASE = 24 * 1024;
/** A lane that nobody needs is given up, for its memory. */
const IDLE_MS = 60_000;
/** How long a body may go on whose time is over, before the thread is ended. */
const GRACE_MS = 500;
/** Of the lane's heap, in MiB. What needs more ends the lane, and nothing else. */
const MEMORY = { maxOldGenerationSizeMb: 128, maxYoungGenerationSizeMb: 8 };

const RELEASE_TYPE = 'sh.helm.release.v1.';
const STOPPED = askElsewhere('premortem stops');
const TOO_LONG: Trace = { error: 'LaneTooSlow', at: [] };
const ENDED: Trace = { error: 'LaneEnded', at: [] };
/** For one live object, in milliseconds. */
const LOOK_UP_MS = 1_000;

export interface LaneSettings {
  bench: Bench;
  supervision: Supervision;
  /** The module that exports `rules`; that of premortem when left out. */
  rulesUrl?: URL | undefined;
}

interface Waiting {
  route: Route;
  body: Buffer;
  resolve: (answered: Answered) => void;
  reject: (error: unknown) => void;
}

/** One thread beside the main one, for what would hold that up. It is started when it is first needed. */
export class Lane {
  readonly #settings: LaneSettings;
  readonly #signal = new SharedArrayBuffer(4);
  #worker: Worker | undefined;
  /** Has it loaded what it needs? To end it before would be to wait for the same again. */
  #ready = false;
  #current: Waiting | undefined;
  #waiting: Waiting[] = [];
  #idle: NodeJS.Timeout | undefined;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
  }

  static takes(body: Buffer): boolean {
    return body.length >= LARGE || (body.length >= LARGE_RELEASE && body.includes(RELEASE_TYPE));
  }

  /** Answers a body, after those that came before. After `deadlineMs` it is given up. */
  answer(route: Route, body: Buffer, deadlineMs: number): Promise<Answered> {
    const { promise, resolve, reject } = Promise.withResolvers<Answered>();
    const waiting: Waiting = { route, body, resolve, reject };
    const timer = setTimeout(() => this.#giveUp(waiting), deadlineMs);
    this.#waiting.push(waiting);
    this.#next();
    return promise.finally(() => clearTimeout(timer));
  }

  close(): void {
    clearTimeout(this.#idle);
    for (const { reject } of this.#waiting.splice(0)) reject(STOPPED);
    this.#end(STOPPED);
    clearTimeout(this.#idle);
  }

  #next(): void {
    if (this.#current) return;
    clearTimeout(this.#idle);
    if (this.#waiting.length === 0) {
      if (this.#worker) this.#idle = setTimeout(() => this.#end(STOPPED), IDLE_MS).unref();
      return;
    }
    this.#worker ??= this.#start();
    if (!this.#ready) return;
    const next = this.#waiting.shift() as Waiting;
    this.#current = next;
    const { bench, supervision } = this.#settings;
    const { today, configuration } = bench.settings();
    const job: Job = {
      type: 'job',
      route: next.route,
      body: next.body,
      today,
      configuration,
      resting: supervision.breaker.resting,
      hasLive: bench.live !== undefined,
    };
    this.#worker.postMessage(job, ownBuffer(next.body));
  }

  #start(): Worker {
    const { bench, rulesUrl = moduleUrl('../rules/index') } = this.#settings;
    const workerData: LaneData = {
      rulesUrl: rulesUrl.href,
      ownNamespace: bench.intake.ownNamespace,
      signal: this.#signal,
    };
    this.#ready = false;
    const worker = new Worker(moduleUrl('./lane-worker'), { workerData, resourceLimits: MEMORY });
    worker.unref();
    worker.on('message', (message: FromLane) => this.#receive(message, worker));
    // Out of memory, or a fault of ours: what it worked on has no answer, the next begins with a new one.
    worker.on('error', error => this.#lost(worker, new JudgingFailed(undefined, traceOf(error))));
    worker.on('exit', () => this.#lost(worker, new JudgingFailed(undefined, ENDED)));
    return worker;
  }

  #receive(message: FromLane, worker: Worker): void {
    if (worker !== this.#worker) return;
    const { bench, supervision } = this.#settings;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        break;
      case 'ask': {
        const { world } = bench.settings();
        const answer = world.ask(queryOf(message.query), subjectOf(message.subject));
        post(worker, { type: 'told', id: message.id, answer });
        Atomics.store(new Int32Array(this.#signal), 0, 1);
        Atomics.notify(new Int32Array(this.#signal), 0);
        return;
      }
      case 'look-up': {
        this.#lookUp(message).then(answer => post(worker, { type: 'looked-up', id: message.id, answer }));
        return;
      }
      case 'answered':
        for (const id of message.failed) supervision.breaker.hasFailed({ id });
        this.#current?.resolve({ text: message.text, account: message.account });
        break;
      case 'refused':
        this.#current?.reject(new Refusal(message.status, message.message));
        break;
      case 'failed':
        this.#current?.reject(new JudgingFailed(message.uid, message.trace));
    }
    this.#current = undefined;
    this.#next();
  }

  async #lookUp({ kind, namespace, name }: FromLane & { type: 'look-up' }) {
    const known = kindNamed(kind);
    const { live } = this.#settings.bench;
    if (!known || !live) return unknown('it is not looked up');
    return live.get(known, namespace, name, AbortSignal.timeout(LOOK_UP_MS));
  }

  #giveUp(waiting: Waiting): void {
    if (waiting === this.#current) {
      waiting.reject(new JudgingFailed(undefined, TOO_LONG));
      // It may be about to end, and to begin anew takes longer.
      setTimeout(() => {
        if (waiting === this.#current) this.#end(new JudgingFailed(undefined, TOO_LONG));
      }, GRACE_MS).unref();
    } else {
      this.#waiting = this.#waiting.filter(other => other !== waiting);
      waiting.reject(askElsewhere('too many large bodies at once'));
    }
  }

  /** Ends the thread, and what it worked on with that error. */
  #end(error: Error): void {
    const worker = this.#worker;
    if (!worker) return;
    worker.terminate();
    this.#lost(worker, error);
  }

  #lost(worker: Worker, error: Error): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    this.#current?.reject(error);
    this.#current = undefined;
    this.#next();
  }
}

/** A module beside this one, which is TypeScript in the sources and JavaScript in the package. */
function moduleUrl(path: string): URL {
  return new URL(path + (import.meta.url.endsWith('.ts') ? '.ts' : '.js'), import.meta.url);
}

/** The body's memory, if it is not shared with others, so that it is handed over and not copied. */
function ownBuffer({ buffer, byteLength }: Buffer): ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

function post(worker: Worker, message: ToLane): void {
  worker.postMessage(message);
}

function kindNamed(key: string) {
  const [group, kind] = key.split('/');
  return kindOf({ apiVersion: `${group}/v1`, kind });
}

function queryOf({ ask, kind = '', where = {}, name = '' }: AskedQuery): Query {
  return { ask, kind: kindNamed(kind), where, name } as Query;
}

/** As much of a subject as the world asks for. */
function subjectOf({ operation, name, namespace }: AskedSubject): Subject {
  const metadata = { ...(name !== undefined && { name }), ...(namespace !== undefined && { namespace }) };
  return {
    operation: operation as Operation,
    kind: undefined,
    object: { metadata },
    asWritten: unknown('the lane knows'),
  };
}
