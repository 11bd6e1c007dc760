import type { KubeObject } from '../kubernetes/object.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Part } from '../model/query.ts';
import type { Answer } from '../model/subject.ts';
import type { Account } from './account.ts';
import type { Route } from './outcome.ts';
import type { Trace } from './trace.ts';

/** What the lane is started with. */
export interface LaneData {
  /** The module that exports `rules`. */
  rulesUrl: string;
  ownNamespace: string;
}

/** Where the lane asks what the world knows, and waits for the answer: a line of JSON each way. */
export const QUESTIONS_FD = 4;

/** One body to answer; the lane does one after the other. */
export interface Job {
  type: 'job';
  route: Route;
  body: Uint8Array;
  today: string;
  configuration: Configuration;
  /** Rules that are not to be run for now. */
  resting: readonly string[];
  /** Is there somebody to ask for live objects? */
  hasLive: boolean;
}

/** A question to the world, of plain data: kinds are named `group/Kind`. */
export interface AskedQuery {
  ask: string;
  kind?: string;
  where?: Readonly<Record<string, string>>;
  name?: string;
  parts?: readonly Part[];
  /** Which it is of those that the subject may name. */
  namespace?: string;
}

export interface AskedSubject {
  operation: string;
  name: string | undefined;
  namespace: string | undefined;
}

export interface Question {
  query: AskedQuery;
  subject: AskedSubject;
}

/** A line from the lane. */
export interface Asked extends Question {
  id: number;
}

/** The line that answers it. */
export interface Told {
  id: number;
  answer: Answer<unknown>;
}

export type FromLane =
  | { type: 'ready' }
  | { type: 'look-up'; id: number; kind: string; namespace: string; name: string }
  | { type: 'answered'; text: string; account: Account; failed: readonly string[] }
  | { type: 'refused'; status: number; message: string }
  | { type: 'failed'; uid: string | undefined; trace: Trace };

export type ToLane = Job | { type: 'looked-up'; id: number; answer: Answer<KubeObject | undefined> };
