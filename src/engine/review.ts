import { kindOf } from '../kubernetes/kinds.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Review } from '../model/report.ts';
import { type Rule, SEVERITIES } from '../model/rule.ts';
import { refOf, type Subject } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import { concerned, madeByController } from './concern.ts';
import { judge } from './judge.ts';
import { ratchet } from './ratchet.ts';
import { applyWaivers } from './waivers.ts';

export interface Settings {
  rules: readonly Rule[];
  world: World;
  /** The day on which waivers are held to their end, like `2026-11-21`. */
  today: string;
  configuration: Configuration;
}

/** Judges one object by every rule that speaks of it. Findings come worst first. */
export function review(given: Subject, settings: Settings): Review {
  const subject = ofKnownKind(given, settings.configuration);
  const object = refOf(subject.object);
  const outcome: Review = { object, findings: [], undecided: [], waiverProblems: [] };
  if (madeByController(subject)) return outcome;
  const { severities } = settings.configuration;
  const rules = concerned(settings.rules, subject).filter(({ id }) => severities.get(id) !== 'off');
  for (const rule of rules) {
    const judgement = judge(rule, subject, settings);
    if (judgement.decided) {
      // The same order whatever the order of keys, which the API server does not keep.
      const sorted = judgement.findings.sort((a, b) => (a.at < b.at ? -1 : 1));
      outcome.findings = outcome.findings.concat(sorted);
    } else {
      const { because, reason } = judgement;
      outcome.undecided.push({ rule, object, because, reason, excused: false });
    }
  }
  const { previous, kind } = subject;
  if (
    previous &&
    (outcome.findings.length > 0 || outcome.undecided.some(({ reason }) => reason === 'failed'))
  ) {
    const before: Subject = { operation: 'CREATE', kind, ...previous };
    ratchet(outcome, new Map(rules.map(rule => [rule, judge(rule, before, settings)])));
  }
  applyWaivers(outcome, subject, settings);
  outcome.findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return outcome;
}

/** A kind that Kubernetes does not bring itself may be one that the configuration names. */
function ofKnownKind(subject: Subject, { podTemplates }: Configuration): Subject {
  if (subject.kind || podTemplates.length === 0) return subject;
  return { ...subject, kind: kindOf(subject.object, podTemplates) };
}
