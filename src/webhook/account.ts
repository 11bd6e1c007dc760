import type { Finding } from '../model/report.ts';
import type { Severity } from '../model/rule.ts';
import type { ObjectRef } from '../model/subject.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Judged, Passed } from './outcome.ts';

/** What metrics and log are told of a request: plain data, and of the object no more than how it is called. */
export type Account = PassedAccount | JudgedAccount;

interface PassedAccount {
  result: 'passed';
  uid: string;
  because: string;
}

export interface JudgedAccount {
  result: 'judged';
  uid: string;
  mode: string;
  operation: string;
  /** The name of a kind that is known; any other is `other`. */
  knownKind: string;
  object: ObjectRef;
  findings: { rule: string; severity: Severity; action: 'refused' | 'warned' | 'noted' | 'waived' }[];
  undecided: { rule: string; reason: string }[];
  allowed: boolean;
}

export function accountOf(outcome: Judged | Passed): Account {
  const { uid } = outcome;
  if (outcome.result === 'passed') return { result: 'passed', uid, because: outcome.because };
  const { mode, subject, review, verdict } = outcome;
  return {
    result: 'judged',
    uid,
    mode,
    operation: subject.operation,
    knownKind: subject.kind?.name ?? 'other',
    object: review.object,
    findings: findingsIn(verdict),
    undecided: verdict.undecided.map(({ rule, reason }) => ({ rule: rule.id, reason })),
    allowed: verdict.allowed,
  };
}

function findingsIn({ refusals, warnings, notes }: Verdict): JudgedAccount['findings'] {
  const told = ({ rule, severity, waiver }: Finding, action: 'refused' | 'warned' | 'noted') =>
    ({ rule: rule.id, severity, action: action === 'noted' && waiver ? 'waived' : action }) as const;
  return [
    ...refusals.map(finding => told(finding, 'refused')),
    ...warnings.map(({ finding }) => told(finding, 'warned')),
    ...notes.map(finding => told(finding, 'noted')),
  ];
}
