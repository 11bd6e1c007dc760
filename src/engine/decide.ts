import { type Finding, isNew, type Review } from '../model/report.ts';
import type { Mode, Verdict } from '../model/verdict.ts';

/**
 * What a review means in a namespace of the given mode. Only `enforce` refuses, and only faults that this change
 * brings; whatever could not be decided is let through, and told.
 */
export function decide({ findings, undecided }: Review, mode: Mode): Verdict {
  const verdict: Verdict = { mode, allowed: true, refusals: [], warnings: [], notes: [], undecided };
  for (const finding of findings) {
    const refusable = finding.severity === 'deny' && isNew(finding);
    if (refusable && mode === 'enforce') verdict.refusals.push(finding);
    else if (isQuiet(finding, mode)) verdict.notes.push(finding);
    else verdict.warnings.push({ finding, wouldRefuse: refusable && hasMode(finding) });
  }
  verdict.allowed = verdict.refusals.length === 0;
  return verdict;
}

function isQuiet(finding: Finding, mode: Mode): boolean {
  return mode === 'audit' || finding.severity === 'note' || finding.waiver !== null;
}

/** Only namespaces have a mode; what belongs to none is never refused. */
function hasMode({ object }: Finding): boolean {
  return object.namespace !== null || object.kind === 'Namespace';
}
