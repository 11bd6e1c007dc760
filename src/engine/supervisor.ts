import type { Rule } from '../model/rule.ts';

/** Keeps rules from holding up a request. */
export interface Supervisor {
  /** Runs a task to its end and hands on what it throws; or breaks it off, and tells so. */
  run(task: () => void): 'done' | 'broken-off';
  /** Is the rule not to be run for now, because it keeps failing? */
  isResting(rule: Rule): boolean;
  /** To be told of each failure. */
  hasFailed(rule: Rule): void;
}

/** Where nobody waits but the person who started it. */
export const unsupervised: Supervisor = {
  run(task) {
    task();
    return 'done';
  },
  isResting: () => false,
  hasFailed: () => {},
};
