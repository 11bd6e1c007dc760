import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import type { Configuration } from '../model/configuration.ts';
import { isDay } from '../model/day.ts';
import { printable } from '../model/printable.ts';
import type { Review, Waiver, WaiverProblem } from '../model/report.ts';
import { isJudgedTogether, type Rule } from '../model/rule.ts';
import type { Identity, ObjectRef, Subject } from '../model/subject.ts';
import { covers, isExpired, objectOf, waiversFor } from './configured-waivers.ts';

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
function waiversOf(object: Identity, kind: Kind<unknown> | undefined, calendar: Calendar): WaiverClaim[] {
  const claims = new Map<string, WaiverClaim>();
  for (const metadata of [podTemplate(object, kind)?.metadata, object.metadata]) {
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
  if (until === null ? /\buntil\s*[=:]|\buntil\s+\d/i.test(text) : !isDay(until)) return refuse('malformed');
  if (isExpired({ until }, calendar.today)) return refuse('expired');
  return { rule, waiver: { reason: printable(reason), until }, problem: null, text };
}

interface WaiverSettings extends Calendar {
  rules: readonly Rule[];
  configuration: Configuration;
}

/** Marks what has been waived, by the configuration or by an annotation, and reports the waivers that waive nothing. */
export function applyWaivers(
  review: Review,
  { object, previous, kind }: Subject,
  settings: WaiverSettings,
): void {
  // `kubectl rollout undo` puts the annotations of the old revision in place of those that were just made.
  const before = previous ? waiversOf(previous.object, kind, settings) : [];
  const now = waiversOf(object, kind, settings);
  const honoured = settings.configuration.annotationWaivers === 'honoured';
  const waiverOf = (rule: string, ref: ObjectRef, claims: readonly WaiverClaim[]): Waiver | null =>
    configured(rule, ref, settings) ??
    (honoured ? (claims.find(claim => claim.rule === rule && claim.waiver)?.waiver ?? null) : null);
  const claims = [...now, ...before];
  for (const finding of review.findings) {
    const { rule, about } = finding;
    const its = about === undefined ? claims : waiversOf(about, kindOf(about), settings);
    finding.waiver = waiverOf(rule.id, objectOf(finding), its);
  }
  for (const one of review.undecided) one.excused ||= waiverOf(one.rule.id, one.object, claims) !== null;
  for (const claim of now) {
    const problem = problemOf(claim, settings, review);
    if (!problem) continue;
    const [rule, text] = [printable(claim.rule, 100), printable(claim.text)];
    review.waiverProblems.push({ rule, object: review.object, problem, text });
  }
  review.waiverProblems.push(...expired(review, settings));
}

function problemOf(
  claim: WaiverClaim,
  { rules, configuration: { severities, annotationWaivers } }: WaiverSettings,
  { findings, undecided }: Review,
): WaiverProblem['problem'] | null {
  const rule = rules.find(({ id }) => id === claim.rule);
  if (!rule) return 'unknown-rule';
  if (severities.get(claim.rule) === 'off') return null;
  if (annotationWaivers === 'honoured' && claim.problem) return claim.problem;
  const found = findings.filter(({ rule }) => rule.id === claim.rule);
  // Checked together with others it may well be needed.
  if (found.length === 0 && isJudgedTogether(rule)) return null;
  if (found.length === 0) return undecided.some(({ rule }) => rule.id === claim.rule) ? null : 'needless';
  if (annotationWaivers === 'honoured') return null;
  return found.some(({ waiver }) => !waiver) ? 'ignored' : null;
}

function configured(rule: string, object: ObjectRef, settings: WaiverSettings): Waiver | null {
  const { configuration, today } = settings;
  const found = waiversFor(rule, configuration).find(
    one => !isExpired(one, today) && covers(one, rule, object),
  );
  return found ? { reason: found.reason, until: found.until } : null;
}

/** The configured waivers that would hold, had their last day not passed, in the order of the rules. */
function expired({ findings }: Review, { configuration, today }: WaiverSettings): WaiverProblem[] {
  const unwaived = findings.filter(finding => !finding.waiver);
  return [...new Set(unwaived.map(finding => finding.rule.id))].flatMap(rule => {
    const old = waiversFor(rule, configuration).filter(waiver => isExpired(waiver, today));
    return old.flatMap(waiver => {
      const finding = unwaived.find(one => covers(waiver, one.rule.id, objectOf(one)));
      return finding ? [{ rule, object: objectOf(finding), problem: 'expired', text: waiver.reason }] : [];
    });
  });
}
