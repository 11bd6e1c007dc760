import { own } from '../kubernetes/object.ts';
import type { Configuration } from './configuration.ts';
import type { Finding, Undecided } from './report.ts';

/** How a namespace wants to be guarded: its label `premortem.dev/mode`. */
export const MODES = ['enforce', 'warn', 'audit'] as const;
export type Mode = (typeof MODES)[number];

export const MODE_LABEL = 'premortem.dev/mode';

/** The mode that a Namespace's label gives it; undefined where it has none, or one that means nothing. */
export function labelledMode(namespace: { metadata?: unknown } | undefined): Mode | undefined {
  const label = own(own(namespace?.metadata, 'labels'), MODE_LABEL);
  return MODES.find(mode => mode === label);
}

/** The one that refuses most. */
export function strictest(modes: readonly (Mode | undefined)[]): Mode | undefined {
  return MODES.find(mode => modes.includes(mode));
}

/** What is answered to one request. */
export interface Verdict {
  mode: Mode;
  allowed: boolean;
  /** Why it is refused, worst first; empty when it is allowed. */
  refusals: Finding[];
  /** Rules that failed, where the configuration refuses what they could not check; empty elsewhere. */
  failures: Undecided[];
  /** What the person who applied it reads, one line each. */
  warnings: { finding: Finding; wouldRefuse: boolean }[];
  /** What only the audit log is told. */
  notes: Finding[];
  /** What could not be decided; `failed` ones are told as warnings too. */
  undecided: Undecided[];
  /** Would an annotation have waived? */
  annotationWaivers: Configuration['annotationWaivers'];
}
