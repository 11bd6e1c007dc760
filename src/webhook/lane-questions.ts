/** What the lane asks while it judges: one question a line, and one answer a line. */
import { Socket } from 'node:net';
import { kindOf } from '../kubernetes/kinds.ts';
import type { Query } from '../model/query.ts';
import { type Operation, type Subject, unknown } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import type { Asked, AskedQuery, AskedSubject, Told } from './lane-messages.ts';

/** Answers all that is asked on a stream, each by the world of that moment. */
export function answerQuestions(stream: unknown, world: () => World): void {
  if (!(stream instanceof Socket)) return;
  stream.unref();
  stream.on('error', () => {});
  let begun = '';
  // Not by readline, which ends a line at a U+2028 too, as JSON may hold it, and takes what a killed process has begun to
  // write for a line.
  stream.setEncoding('utf8').on('data', (text: string) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) stream.write(`${answerTo(line, world())}\n`);
  });
}

function answerTo(line: string, world: World): string {
  const { id, query, subject } = JSON.parse(line) as Asked;
  const answer = world.ask(queryOf(query), subjectOf(subject));
  return JSON.stringify({ id, answer } satisfies Told);
}

/** The kind that is called `group/Kind`. */
export function kindNamed(key: string) {
  const [group, kind] = key.split('/');
  return kindOf({ apiVersion: `${group}/v1`, kind });
}

function queryOf({ kind = '', where = {}, name = '', parts = [], namespace = '', ask }: AskedQuery): Query {
  return { ask, kind: kindNamed(kind), where, name, parts, namespace } as Query;
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
