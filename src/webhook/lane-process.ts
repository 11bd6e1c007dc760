/** The lane's own process: it answers one large body after the other, as the main one does small ones. */
import { readSync, writeSync } from 'node:fs';
import process from 'node:process';
import type { Kind } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { namespaceAsked, type Query } from '../model/query.ts';
import type { Rule } from '../model/rule.ts';
import { type Answer, type Subject, unknown } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import type { LiveObjects } from '../world/live-objects.ts';
import { answerBody, JudgingFailed } from './answer-body.ts';
import { Breaker } from './breaker.ts';
import {
  type Asked,
  type FromLane,
  type Job,
  type LaneData,
  QUESTIONS_FD,
  type Question,
  type ToLane,
  type Told,
} from './lane-messages.ts';
import { Refusal } from './refusal.ts';
import { supervision } from './supervision.ts';
import { traceOf } from './trace.ts';

/** Large objects take longer; the main process ends the whole lane when its time is over. */
const BUDGET_MS = 500;
/** As much of an answer as is read at once, in bytes. */
const PART = 64 * 1024;
const NEWLINE = 0x0a;

const { rulesUrl, ownNamespace } = JSON.parse(process.argv[2] ?? '') as LaneData;
const { rules } = (await import(rulesUrl)) as { rules: readonly Rule[] };

const lookUps = new Map<number, (answer: Answer<KubeObject | undefined>) => void>();
process.on('message', receive);
// Nobody is left to answer to.
process.on('disconnect', () => process.exit());

function receive(message: ToLane): void {
  if (message.type === 'job') answer(message).then(post);
  else if (message.type === 'looked-up') {
    lookUps.get(message.id)?.(message.answer);
    lookUps.delete(message.id);
  }
}

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

/** What the main process knows; each question is asked once a job. */
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
      ...('parts' in query && { parts: query.parts }),
      ...(query.ask === 'in-namespace' && { namespace: namespaceAsked(query, object) ?? '' }),
    },
    subject: { operation, name, namespace },
  };
}

/** Waits without giving the thread away, since rules ask while they run. */
function askNow(question: Question): Answer<unknown> {
  const id = questionCount++;
  writeSync(QUESTIONS_FD, `${JSON.stringify({ id, ...question } satisfies Asked)}\n`);
  const part = Buffer.alloc(PART);
  let text = '';
  for (;;) {
    const length = readSync(QUESTIONS_FD, part);
    if (length === 0) return unknown('premortem itself did not answer');
    text += part.toString('latin1', 0, length);
    // To look at the end of the text would put it together anew for every part.
    if (part[length - 1] !== NEWLINE) continue;
    const told = text
      .split('\n')
      .map(toldIn)
      .find(told => told?.id === id);
    if (told) return told.answer;
  }
}
let questionCount = 0;

/** Undefined for the rest of a line that a rule was no longer there to read, when its time was over. */
function toldIn(line: string): Told | undefined {
  try {
    return JSON.parse(Buffer.from(line, 'latin1').toString());
  } catch {
    return undefined;
  }
}

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
  process.send?.(message);
}

post({ type: 'ready' });
