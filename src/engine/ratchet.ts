import type { Review } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { Judgement } from './judge.ts';

/**
 * Tells the faults that a change brings from those that were there before: only the former may refuse it, so
 * that the worst manifest in the world can still be scaled, restarted, relabelled and deleted. `before` is what the
 * rules said of the old state; where one could not judge that, its findings are neither. Two rules may have seen the
 * same fault, and of items without names only the number counts, since they may have moved. A rule that failed before
 * as well brings nothing new.
 */
export function ratchet({ findings, undecided }: Review, before: ReadonlyMap<Rule, Judgement>): void {
  const old = new Map<string, number>();
  for (const judgement of before.values()) {
    if (!judgement.decided) continue;
    for (const { identity } of judgement.findings) old.set(identity, (old.get(identity) ?? 0) + 1);
  }
  for (const finding of findings) {
    const left = old.get(finding.identity) ?? 0;
    old.set(finding.identity, left - 1);
    if (left > 0) finding.existing = 'yes';
    else finding.existing = before.get(finding.rule)?.decided === false ? 'unclear' : 'no';
  }
  for (const one of undecided) one.excused = before.get(one.rule)?.decided === false;
}
