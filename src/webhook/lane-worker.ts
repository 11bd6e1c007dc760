/** The lane's own thread: it answers one large body after the other, as the main thread does small ones. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Kind } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Query } from '../model/query.ts';
import type { Rule } from '../model/rule.ts';
import { type Answer, type Subject, unknown } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import type { LiveObjects } from '../world/live-objects.ts';
import { answerBody, JudgingFailed } from './answer-body.ts';
import { Breaker } from './breaker.ts';
import type { FromLane, Job, LaneData, ToLane } from './lane-messages.ts';
import { Refusal } from './refusal.ts';
import { supervision } from './supervision.ts';
import { traceOf } from './trace.ts';

/** Large objects take longer; the main thread ends the whole lane when its time is over. */
const BUDGET_MS = 500;
/** The main thread answers from memory. */
const ANSWER_MS = 1_000;

const port = parentPort;
if (!port) throw new Error('this is a worker thread');
const { rulesUrl, ownNamespace, signal } = workerData as LaneData;
const { rules } = (await import(rulesUrl)) as { rules: readonly Rule[] };
const woken = new Int32Array(signal);

const lookUps = new Map<number, (answer: Answer<KubeObject | undefined>) => void>();
port.on('message', receive);

function receive(message: ToLane): void {
  if (message.type === 'job') answer(message).then(post);
  else if (message.type === 'looked-up') {
    lookUps.get(message.id)?.(message.answer);
    lookUps.delete(message.id);
  }
}

type Question = Pick<FromLane & { type: 'ask' }, 'query' | 'subject'>;

async function answer({ route, body, today, configuration, resting, hasLive }: Job): Promise<FromLane> {
  const failed: string[] = [];
  const supervisor = {
    ...supervision(new Breaker(), BUDGET_MS),
    isResting: ({ id }: Rule) => resting.includes(id),
    hasFailed: ({ id }: Rule) => failed.push(id),
  };
  const settings = { rules, world: remoteWorld(), today, configuration, supervisor };
  const live = hasLive ? remoteLive : undefined;
  try {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const { text, account } = await answerBody(route, bytes, {
      settings: () => settings,
      intake: { ownNamespace },
      live,
    });
    return { type: 'answered', text, account, failed };
  } catch (error) {
    if (error instanceof Refusal) return { type: 'refused', status: error.status, message: error.message };
    const { uid, trace } = error instanceof JudgingFailed ? error : { uid: undefined, trace: traceOf(error) };
    return { type: 'failed', uid, trace };
  }
}

/** What the main thread knows; each question is asked once a job. */
function remoteWorld(): World {
  const told = new Map<string, Answer<unknown>>();
  return {
    ask(query, subject) {
      const question = questionOf(query, subject);
      const key = JSON.stringify(question);
      const answer = told.get(key) ?? askNow(question);
      told.set(key, answer);
      return answer;
    },
    originOf: () => undefined,
  };
}

function questionOf(query: Query, { operation, object }: Subject): Question {
  const { name, namespace } = object.metadata ?? {};
  return {
    query: {
      ask: query.ask,
      ...('kind' in query && { kind: keyOf(query.kind) }),
      ...('where' in query && { where: query.where }),
      ...('name' in query && { name: query.name }),
    },
    subject: { operation, name, namespace },
  };
}

/** Waits without giving the thread away, since rules ask while they run. */
function askNow(question: Question): Answer<unknown> {
  const id = questions++;
  Atomics.store(woken, 0, 0);
  post({ type: 'ask', id, ...question });
  if (Atomics.wait(woken, 0, 0, ANSWER_MS) === 'timed-out')
    return unknown('premortem itself did not answer in time');
  for (;;) {
    const message: ToLane | undefined = port && receiveMessageOnPort(port)?.message;
    if (message === undefined) return unknown('premortem itself did not answer');
    // What came too late to an earlier question is passed over.
    if (message.type !== 'told') receive(message);
    else if (message.id === id) return message.answer;
  }
}
let questions = 0;

const remoteLive: LiveObjects = {
  get(kind, namespace, name) {
    const id = lookUpCount++;
    return new Promise(resolve => {
      lookUps.set(id, resolve);
      post({ type: 'look-up', id, kind: keyOf(kind), namespace, name });
    });
  },
};
let lookUpCount = 0;

function keyOf({ group, name }: Kind<unknown>): string {
  return `${group}/${name}`;
}

function post(message: FromLane): void {
  port?.postMessage(message);
}

post({ type: 'ready' });
