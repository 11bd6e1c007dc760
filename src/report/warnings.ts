import { Namespace } from '../kubernetes/kinds.ts';
import { Release } from '../model/release.ts';
import type { Finding, Review, Undecided } from '../model/report.ts';
import { formatRef, type ObjectRef } from '../model/subject.ts';
import type { Verdict } from '../model/verdict.ts';
import { WAIVER_PROBLEMS } from './wording.ts';

const MOST_CHARACTERS = 200;
/** Above 4096 characters in all the API server cuts every warning to 256. */
const MOST_LINES = 20;

/** What the person reads whose apply passes: one line each, the object first, worst first. Nothing in `audit`. */
export function warningLines(review: Review, verdict: Verdict): string[] {
  const { mode, refusals, warnings, undecided, failures } = verdict;
  if (mode === 'audit') return [];
  const { object } = review;
  const lines = [
    // Helm hides why a Namespace was not deleted, and goes on; a warning it shows.
    ...refusals
      .filter(() => object.kind === Namespace.name)
      .map(finding => warningLine(finding, 'refused: ')),
    ...warnings.map(({ finding, wouldRefuse }) =>
      warningLine(finding, wouldRefuse ? 'would be refused: ' : ''),
    ),
    ...undecidedLines(undecided.filter(one => !failures.includes(one))),
    ...review.waiverProblems
      .filter(({ problem }) => problem !== 'needless')
      .map(({ rule, problem }) =>
        line(object, `the waiver of ${rule} does not hold: ${WAIVER_PROBLEMS[problem]}`),
      ),
  ];
  if (lines.length <= MOST_LINES) return lines;
  const more = line(object, `and ${lines.length - MOST_LINES + 1} more: run premortem check on the manifest`);
  return [...lines.slice(0, MOST_LINES - 1), more];
}

/**
 * What an object's kind leaves undecided as a rule, as that no trace is left of how it was written, is told to the
 * audit log alone. A release is different: nobody looks at what it drops a second time.
 */
function undecidedLines(undecided: readonly Undecided[]): string[] {
  const told = undecided.filter(({ reason, object }) => reason === 'failed' || object.kind === Release.name);
  const alike = Map.groupBy(told, ({ object, because }) => `${formatRef(object)}\n${because}`);
  return [...alike.values()].map(group => {
    const [first] = group as [Undecided];
    const rules = group.map(({ rule }) => rule.id).join(', ');
    return line(first.object, `premortem could not check ${rules}: ${first.because}`);
  });
}

function warningLine({ object, rule, what, existing }: Finding, fate: string): string {
  const since = existing === 'yes' ? ' (was there before)' : '';
  return line(object, `${fate}${what}${since} [${rule.id}]`);
}

/** The rule's name at the end survives the cut. */
function line(object: ObjectRef, text: string): string {
  const full = `${formatRef(object)}: ${text}`;
  if (full.length <= MOST_CHARACTERS) return full;
  const end = / \[[a-z0-9-]+\]$/.exec(full)?.[0] ?? '';
  return `${full.slice(0, MOST_CHARACTERS - end.length - 1)}…${end}`;
}
