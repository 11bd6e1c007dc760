import { kindOf } from '../kubernetes/kinds.ts';
import type { KubernetesVersion } from '../kubernetes/version.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Review } from '../model/report.ts';
import { type Rule, SEVERITIES } from '../model/rule.ts';
import { refOf, type Subject } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import { concerned, madeByController } from './concern.ts';
import { type Judgement, judge, NOTHING_FOUND } from './judge.ts';
import { ratchet } from './ratchet.ts';
import { type Supervisor, unsupervised } from './supervisor.ts';
import { applyWaivers } from './waivers.ts';

export interface Settings {
  rules: readonly Rule[];
  world: World;
  /** The day on which waivers are held to their end, like `2026-11-21`. */
  today: string;
  configuration: Configuration;
  supervisor?: Supervisor;
  /** The version of Kubernetes that files are meant for; of a request nobody knows it. */
  target?: KubernetesVersion | undefined;
}

/** Judges one object by every rule that speaks of it. Findings come worst first. */
export function review(given: Subject, settings: Settings): Review {
  const subject = ofKnownKind(given, settings.configuration);
  const object = refOf(subject.object);
  const outcome: Review = { object, findings: [], undecided: [], waiverProblems: [] };
  if (madeByController(subject)) return outcome;
  const rules = concerned(settings.rules, subject);
  const judgements = judgeBy(rules, subject, settings);
  for (const [rule, judgement] of judgements) {
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
    ratchet(outcome, judgeBy(rules, before, settings));
  }
  applyWaivers(outcome, subject, settings);
  outcome.findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return outcome;
}

/**
 * Runs each rule, under supervision: one that is broken off leaves the others their turn. Those that found nothing are
 * left out.
 */
function judgeBy(rules: readonly Rule[], subject: Subject, settings: Settings): Map<Rule, Judgement> {
  const { supervisor = unsupervised, configuration } = settings;
  const { severities } = configuration;
  const judgements = new Map<Rule, Judgement>();
  let next = 0;
  const goOn = () => {
    for (let rule = rules[next]; rule; rule = rules[++next]) {
      if (severities.get(rule.id) === 'off') continue;
      const judgement = supervisor.isResting(rule) ? RESTING : judge(rule, subject, settings);
      if (judgement !== NOTHING_FOUND) judgements.set(rule, judgement);
    }
  };
  while (supervisor.run(goOn) === 'broken-off') {
    const rule = rules[next++];
    if (!rule) break;
    judgements.set(rule, BROKEN_OFF);
  }
  for (const [rule, judgement] of judgements)
    if (!judgement.decided && judgement.reason === 'failed' && judgement !== RESTING)
      supervisor.hasFailed(rule);
  return judgements;
}

const BROKEN_OFF: Judgement = {
  decided: false,
  reason: 'failed',
  because: 'the rule took too long and was broken off',
};
const RESTING: Judgement = {
  decided: false,
  reason: 'failed',
  because: 'the rule has failed several times within a minute, and rests for one',
};

/** A kind that Kubernetes does not bring itself may be one that the configuration names. */
function ofKnownKind(subject: Subject, { podTemplates }: Configuration): Subject {
  if (subject.kind || podTemplates.length === 0) return subject;
  return { ...subject, kind: kindOf(subject.object, podTemplates) };
}
