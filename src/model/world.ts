import type { Origin } from './origin.ts';
import type { Query, Siblings } from './query.ts';
import { type Answer, known, type Subject, unknown } from './subject.ts';

/** What is known beside the object under review: the files of a run, or what a cluster's watches hold. */
export interface World {
  ask(query: Query, subject: Subject): Answer<unknown>;
  /** What stands beside the subject, where that is in a file. */
  siblings?(query: Query & { ask: 'among-files' }, subject: Subject): Siblings<unknown> | undefined;
  /** Where an object that was handed to a rule was read, when it came from a file. */
  originOf(object: object): Origin | undefined;
}

/** The world of a webhook without a cluster. */
export const emptyWorld: World = {
  ask: ({ ask }) =>
    ask === 'alongside' ? known(undefined) : unknown('there is no cluster to look it up in'),
  originOf: () => undefined,
};
