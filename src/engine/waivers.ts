import { own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { printable } from '../model/printable.ts';
import type { Review, Waiver, WaiverProblem } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import type { Identity, Subject } from '../model/subject.ts';

const PREFIX = 'waive.premortem.dev/';
/** Of an annotation; a reason is a sentence. */
const MOST_CHARACTERS = 1000;

interface WaiverClaim {
  rule: string;
  waiver: Waiver | null;
  /** Why the annotation does not waive anything. */
  problem: WaiverProblem['problem'] | null;
  text: string;
}

/** The annotation that waives a rule. */
export function waiverKey(ruleId: string): string {
  return PREFIX + ruleId;
}

/** Tells the day, like `2026-11-21`, to those who ask. */
interface Calendar {
  readonly today: string;
}

/** The waivers that an object carries, on itself or on its pod template. */
function waiversOf(object: Identity, calendar: Calendar): WaiverClaim[] {
  const claims = new Map<string, WaiverClaim>();
  for (const metadata of [podTemplate(object)?.metadata, object.metadata]) {
    const annotations = own(metadata, 'annotations');
    if (typeof annotations !== 'object' || annotations === null) continue;
    for (const [key, value] of Object.entries(annotations)) {
      if (key.startsWith(PREFIX))
        claims.set(key, claim(key.slice(PREFIX.length), typeof value === 'string' ? value : '', calendar));
    }
  }
  return [...claims.values()];
}

/** `<reason>[; until=YYYY-MM-DD]`. What looks like a last day and is not written so would never come: malformed. */
function claim(rule: string, text: string, calendar: Calendar): WaiverClaim {
  const refuse = (problem: WaiverProblem['problem']): WaiverClaim => ({ rule, waiver: null, problem, text });
  if (text.length > MOST_CHARACTERS) return refuse('malformed');
  const end = text.lastIndexOf(';');
  const until = /^\s*until=(\S+)\s*$/.exec(text.slice(end + 1))?.[1] ?? null;
  const reason = (until === null ? text : text.slice(0, Math.max(0, end))).trim();
  if (reason === '' || reason === '<reason>') return refuse('without-reason');
  if (until === null ? /\buntil\s*[=:]|\buntil\s+\d/i.test(text) : !isDate(until)) return refuse('malformed');
  if (until !== null && until < calendar.today) return refuse('expired');
  return { rule, waiver: { reason: printable(reason), until }, problem: null, text };
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Marks what has been waived, and reports the waivers that waive nothing. */
export function applyWaivers(
  review: Review,
  { object, previous }: Subject,
  settings: Calendar & { rules: readonly Rule[] },
): void {
  // `kubectl rollout undo` puts the annotations of the old revision in place of those that were just made.
  const before = previous ? waiversOf(previous.object, settings) : [];
  const now = waiversOf(object, settings);
  for (const finding of review.findings) {
    const claims = finding.about === undefined ? [...now, ...before] : waiversOf(finding.about, settings);
    finding.waiver = claims.find(({ rule, waiver }) => rule === finding.rule.id && waiver)?.waiver ?? null;
  }
  for (const claim of now) {
    const problem = problemOf(claim, settings.rules, review);
    if (!problem) continue;
    const [rule, text] = [printable(claim.rule, 100), printable(claim.text)];
    review.waiverProblems.push({ rule, object: review.object, problem, text });
  }
}

function problemOf(
  claim: WaiverClaim,
  rules: readonly Rule[],
  { findings, undecided }: Review,
): WaiverProblem['problem'] | null {
  if (!rules.some(rule => rule.id === claim.rule)) return 'unknown-rule';
  if (claim.problem) return claim.problem;
  return [...findings, ...undecided].some(({ rule }) => rule.id === claim.rule) ? null : 'needless';
}
