import type { Needs, Query, Siblings } from '../model/query.ts';
import type { Finding } from '../model/report.ts';
import type { Rule } from '../model/rule.ts';
import { type Answer, known, type Subject } from '../model/subject.ts';
import { conforming } from './conforming.ts';
import { findingOf, type Surroundings } from './finding.ts';

export type Judgement =
  | { decided: true; findings: Finding[] }
  | { decided: false; reason: 'failed' | 'unknown'; because: string };

/** What most rules say of most objects. */
export const NOTHING_FOUND: Judgement = { decided: true, findings: [] };

/** Runs one rule on one object, once everything that it needs is known. */
export function judge(rule: Rule, subject: Subject, surroundings: Surroundings): Judgement {
  if (subject.unreadable !== undefined)
    return { decided: false, reason: 'unknown', because: subject.unreadable };
  try {
    const needs = gather(rule.needs, subject, surroundings);
    if (!needs.known) return { decided: false, reason: 'unknown', because: needs.because };
    const context = {
      object: subject.object as never,
      kind: subject.kind,
      previous: (subject.previous?.unreadable === undefined ? subject.previous?.object : undefined) as never,
      operation: subject.operation,
      known: needs.value as never,
    };
    let findings: Finding[] | undefined;
    for (const fault of rule.check(context)) {
      findings ??= [];
      findings.push(findingOf(rule, fault, subject, surroundings));
    }
    return findings ? { decided: true, findings } : NOTHING_FOUND;
  } catch (error) {
    // A rule relies on the declared form of what it reads, which is seldom worth a look of its own.
    const rest = conforming(subject);
    if (rest) return judge(rule, rest, surroundings);
    // The error's text is left out: it can quote the object.
    const name = error instanceof Error ? error.name : 'an error';
    return { decided: false, reason: 'failed', because: `the rule itself failed with ${name}` };
  }
}

const NOTHING_ASKED = known({});

/** What is known of a request. */
const ALONE: Siblings<unknown> = { all: [], self: undefined };

function gather(needs: Needs, subject: Subject, surroundings: Surroundings): Answer<Record<string, unknown>> {
  let answers: Record<string, unknown> | undefined;
  for (const name in needs) {
    const answer = ask(needs[name] as Query, subject, surroundings);
    if (!answer.known) return answer;
    answers ??= {};
    answers[name] = answer.value;
  }
  return answers ? known(answers) : NOTHING_ASKED;
}

function ask(query: Query, subject: Subject, { world, target }: Surroundings): Answer<unknown> {
  if (query.ask === 'as-written') return subject.asWritten;
  if (query.ask === 'target-version') return known(target);
  if (query.ask === 'among-files') return known(world.siblings?.(query, subject) ?? ALONE);
  if (query.ask === 'asker') return known(subject.asker);
  return world.ask(query, subject);
}
