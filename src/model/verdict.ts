import type { Finding, Undecided } from './report.ts';

/** How a namespace wants to be guarded: its label `premortem.dev/mode`. */
export const MODES = ['enforce', 'warn', 'audit'] as const;
export type Mode = (typeof MODES)[number];

export const MODE_LABEL = 'premortem.dev/mode';

/** What is answered to one request. */
export interface Verdict {
  mode: Mode;
  allowed: boolean;
  /** Why it is refused, worst first; empty when it is allowed. */
  refusals: Finding[];
  /** What the person who applied it reads, one line each. */
  warnings: { finding: Finding; wouldRefuse: boolean }[];
  /** What only the audit log is told. */
  notes: Finding[];
  /** What could not be decided; `failed` ones are told as warnings too. */
  undecided: Undecided[];
}
