import type { Edit } from '../kubernetes/edit.ts';
import type { Lesson } from './incident.ts';
import type { Origin } from './origin.ts';
import type { Path } from './path.ts';
import type { Rule, Severity } from './rule.ts';
import type { Identity, ObjectRef } from './subject.ts';

export interface Waiver {
  reason: string;
  /** `2026-12-31`, the last day on which it holds. */
  until: string | null;
}

export interface Finding {
  rule: Rule;
  /** The object that it speaks of, when that is another than the one under review. */
  about: Identity | undefined;
  /** The lesson that is quoted with it. */
  lesson: Lesson;
  severity: Severity;
  object: ObjectRef;
  path: Path;
  /** The path as people read it, list items by name. */
  at: string;
  /** What tells it from the other findings of its object, before and after a change. */
  identity: string;
  what: string;
  readonly fix: string;
  edits: readonly Edit[];
  origin: Origin | undefined;
  /** Was it there before this change? `unclear`: the old state could not be judged. Never a reason to refuse. */
  existing: 'no' | 'yes' | 'unclear';
  waiver: Waiver | null;
  /** The same for the same fault of the same object, whatever its line or its old value. */
  readonly fingerprint: string;
}

/** A rule that concerned the object and could not be decided. */
export interface Undecided {
  rule: Rule;
  object: ObjectRef;
  because: string;
  /** `failed`: the rule itself broke. `unknown`: something that it needs could not be had. */
  reason: 'failed' | 'unknown';
  /** Waived, or it failed on the state before the change too: never a reason to refuse. */
  excused: boolean;
}

export interface WaiverProblem {
  rule: string;
  object: ObjectRef;
  problem: 'expired' | 'needless' | 'without-reason' | 'malformed' | 'unknown-rule' | 'ignored';
  text: string;
}

/** What came of one object. */
export interface Review {
  object: ObjectRef;
  findings: Finding[];
  undecided: Undecided[];
  waiverProblems: WaiverProblem[];
}

/** Input that could not be read. Line and column count from 1; without them the whole file is meant. */
export interface InputError {
  file: string;
  line: number | null;
  column: number | null;
  message: string;
}

/** What comes of a run over files. */
export interface Report {
  /** Each is made when it is asked for, and once, so that thousands of them need not be kept. */
  reviews: Iterable<Review>;
  /** Complete, like `objects`, when the last review has been made. */
  errors: InputError[];
  files: number;
  objects: number;
}

/** Is it a fault that counts: not waived, and brought by this change? */
export function isNew(finding: Finding): boolean {
  return finding.waiver === null && finding.existing === 'no';
}
