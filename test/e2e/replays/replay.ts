import type { Ran } from '../command.ts';
import type { Stage } from './stage.ts';

/** An outage as far as a control plane shows it, on which nothing runs the Pods. */
export interface Replay {
  /** Its place in the ledger. */
  lesson: string;
  rule: string;
  /** As what premortem tells it: a refusal, a warning, or a line in the audit log. */
  told: 'deny' | 'warn' | 'note';
  /** What happens, in words. */
  story: string;
  /** Left out where Helm 3 is not there. */
  needs?: 'helm';
  /** What is there before. */
  before?(stage: Stage): Promise<unknown>;
  /** What somebody does; with `--dry-run=server` it is tried only. */
  deed(stage: Stage, ...how: string[]): Promise<Ran>;
  /** What comes of it. */
  harm(stage: Stage): Promise<unknown>;
  /** The same intent, done as the message says. */
  mended(stage: Stage): Promise<Ran>;
  /** The harm is not there. */
  spared(stage: Stage): Promise<unknown>;
}
