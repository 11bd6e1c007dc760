import { type Configuration, defaultConfiguration } from '../model/configuration.ts';
import { type Finding, isNew, type Review, type Undecided } from '../model/report.ts';
import { homeOf } from '../model/subject.ts';
import type { Mode, Verdict } from '../model/verdict.ts';

/**
 * What a review means in a namespace of the given mode, or in several, of which `mode` is the strictest and `modeOf`
 * tells that of each finding or failure. Only `enforce` refuses, and only faults that this change brings. Whatever could not be
 * decided is let through, and told, but for rules that failed where the configuration says `onError: deny`.
 */
export function decide(
  { object, findings, undecided }: Review,
  mode: Mode,
  { onError, annotationWaivers }: Configuration = defaultConfiguration,
  modeOf: (one: Finding | Undecided) => Mode = () => mode,
): Verdict {
  const failures = undecided.filter(({ reason, excused }) => reason === 'failed' && !excused);
  const verdict: Verdict = {
    mode,
    allowed: true,
    refusals: [],
    failures: onError === 'deny' ? failures.filter(one => modeOf(one) === 'enforce') : [],
    warnings: [],
    notes: [],
    undecided,
    annotationWaivers,
  };
  for (const finding of findings) {
    const refusable = finding.severity === 'deny' && isNew(finding);
    if (refusable && modeOf(finding) === 'enforce') verdict.refusals.push(finding);
    else if (isQuiet(finding, modeOf(finding))) verdict.notes.push(finding);
    // What belongs to no namespace has no mode of its own, and is never refused.
    else verdict.warnings.push({ finding, wouldRefuse: refusable && homeOf(object) !== null });
  }
  verdict.allowed = verdict.refusals.length + verdict.failures.length === 0;
  return verdict;
}

function isQuiet(finding: Finding, mode: Mode): boolean {
  return mode === 'audit' || finding.severity === 'note' || finding.waiver !== null;
}
