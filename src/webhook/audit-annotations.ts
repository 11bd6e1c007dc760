import { isNew, type Review } from '../model/report.ts';

/** The longest value, in characters, which are all ASCII. */
const LONGEST = 500;

/**
 * What the API server's audit log is told: for each key a list like `deny/memory-request-missing x2, warn/…`, of
 * rules alone, never of what an object holds. `findings` are those that count; in `audit` and `warn` they tell what
 * `enforce` would refuse.
 */
export function auditAnnotations(review: Review): Record<string, string> | undefined {
  const { findings, undecided, waiverProblems } = review;
  if (findings.length + undecided.length + waiverProblems.length === 0) return undefined;
  const of = (chosen: typeof findings) => tally(chosen.map(({ severity, rule }) => `${severity}/${rule.id}`));
  const lists = {
    findings: of(findings.filter(isNew)),
    existing: of(findings.filter(({ waiver, existing }) => waiver === null && existing !== 'no')),
    waived: of(findings.filter(({ waiver }) => waiver !== null)),
    undecided: tally(undecided.map(({ reason, rule }) => `${reason}/${rule.id}`)),
    // The rule that a waiver names can be any text.
    'waiver-problems': tally(waiverProblems.map(({ problem }) => problem)),
  };
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== ''));
}

function tally(items: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  const list = [...counts].map(([item, count]) => (count === 1 ? item : `${item} x${count}`)).join(', ');
  return list.length <= LONGEST ? list : `${list.slice(0, LONGEST - 4)} ...`;
}
