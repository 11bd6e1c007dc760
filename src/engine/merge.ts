import type { Review } from '../model/report.ts';
import { SEVERITIES } from '../model/rule.ts';

/** What came of a whole and of its parts, as one review of the whole. Findings come worst first. */
export function mergeReviews(whole: Review, parts: readonly Review[]): Review {
  const all = [whole, ...parts];
  return {
    object: whole.object,
    findings: all
      .flatMap(({ findings }) => findings)
      .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity)),
    undecided: all.flatMap(({ undecided }) => undecided),
    waiverProblems: all.flatMap(({ waiverProblems }) => waiverProblems),
  };
}
