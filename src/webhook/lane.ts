import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { unknown } from '../model/subject.ts';
import { type Answered, type Bench, JudgingFailed } from './answer-body.ts';
import { LARGE } from './body.ts';
import { type FromLane, type Job, type LaneData, QUESTIONS_FD, type ToLane } from './lane-messages.ts';
import { answerQuestions, kindNamed } from './lane-questions.ts';
import type { Route } from './outcome.ts';
import { askElsewhere, Refusal } from './refusal.ts';
import type { Supervision } from './supervision.ts';
import { type Trace, traceOf } from './trace.ts';

/** A stored release is packed, and each of its objects is parsed as YAML. */
const LARGE_RELEASE = 24 * 1024;
/** A lane that nobody needs is given up, for its memory. */
const IDLE_MS = 60_000;
/** How long a body may go on whose time is over, before the process is ended. */
const GRACE_MS = 500;
/** To load all rules takes a second; what has not begun after this never will. */
const START_MS = 30_000;
/**
 * For Node: a heap in MiB, and what the image gives to premortem itself. What needs more memory ends the lane and
 * nothing else, which a thread cannot promise: V8 ends the whole process where it finds no way back.
 */
const FLAGS = [
  '--max-old-space-size=128',
  '--max-semi-space-size=4',
  '--disable-proto=delete',
  '--disallow-code-generation-from-strings',
];

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

/** One process beside this one, for what would hold that up. It is started when it is first needed. */
export class Lane {
  readonly #settings: LaneSettings;
  #process: ChildProcess | undefined;
  /** Has it loaded what it needs? To end it before would be to wait for the same again. */
  #ready = false;
  #current: Waiting | undefined;
  #waiting: Waiting[] = [];
  #idle: NodeJS.Timeout | undefined;

  constructor(settings: LaneSettings) {
    this.#settings = settings;
  }

  /** Would it hold up all others for longer than these take? */
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
    this.#refuseAll(STOPPED);
    this.#end(STOPPED);
    clearTimeout(this.#idle);
  }

  #next(): void {
    if (this.#current) return;
    clearTimeout(this.#idle);
    if (this.#waiting.length === 0) {
      if (this.#process) this.#idle = setTimeout(() => this.#end(STOPPED), IDLE_MS).unref();
      return;
    }
    try {
      this.#process ??= this.#start();
    } catch (error) {
      // For want of memory or of file descriptors.
      this.#refuseAll(new JudgingFailed(undefined, traceOf(error)));
      return;
    }
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
    post(this.#process, job);
  }

  #start(): ChildProcess {
    const { bench, rulesUrl = moduleUrl('../rules/index') } = this.#settings;
    const data: LaneData = { rulesUrl: rulesUrl.href, ownNamespace: bench.intake.ownNamespace };
    this.#ready = false;
    const child = fork(fileURLToPath(moduleUrl('./lane-process')), [JSON.stringify(data)], {
      execArgv: FLAGS,
      serialization: 'advanced',
      // The last is where it asks, and waits.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
    });
    child.unref();
    child.channel?.unref();
    child.on('message', (message: FromLane) => this.#receive(message, child));
    // Out of memory, or a fault of ours: what it worked on has no answer, the next begins with a new one.
    child.on('error', error => this.#lost(child, new JudgingFailed(undefined, traceOf(error))));
    child.on('exit', () => this.#lost(child, new JudgingFailed(undefined, ENDED)));
    setTimeout(() => {
      if (child === this.#process && !this.#ready) this.#end(new JudgingFailed(undefined, ENDED));
    }, START_MS).unref();
    answerQuestions(child.stdio[QUESTIONS_FD], () => bench.settings().world);
    return child;
  }

  #receive(message: FromLane, child: ChildProcess): void {
    if (child !== this.#process) return;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        break;
      case 'look-up':
        this.#lookUp(message).then(answer => post(child, { type: 'looked-up', id: message.id, answer }));
        return;
      case 'answered':
        for (const id of message.failed) this.#settings.supervision.breaker.hasFailed({ id });
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

  /** All that waits for its turn. */
  #refuseAll(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }

  /** Ends the process, and what it worked on with that error. */
  #end(error: Error): void {
    const child = this.#process;
    if (!child) return;
    child.kill('SIGKILL');
    this.#lost(child, error);
  }

  #lost(child: ChildProcess, error: Error): void {
    if (child !== this.#process) return;
    this.#process = undefined;
    // One that does not even start would not start for the next body either.
    if (!this.#ready) this.#refuseAll(error);
    this.#current?.reject(error);
    this.#current = undefined;
    this.#next();
  }
}

/** A module beside this one, which is TypeScript in the sources and JavaScript in the package. */
function moduleUrl(path: string): URL {
  return new URL(path + (import.meta.url.endsWith('.ts') ? '.ts' : '.js'), import.meta.url);
}

/** That it has ended is told by its 'exit'. */
function post(child: ChildProcess, message: ToLane): void {
  if (child.connected) child.send(message, () => {});
}
