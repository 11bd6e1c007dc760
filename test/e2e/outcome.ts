import assert from 'node:assert/strict';
import type { Ran } from './command.ts';

/** A refusal as kubectl prints it. */
export interface Refusal {
  webhook: string;
  /** What is refused, as the first line names it: `CronJob shop/foobar`. */
  object: string;
  /** For which rules, as the first line names them. */
  rules: string[];
  /** The first line, without what kubectl and the API server put before it. */
  head: string;
  /** All of it. */
  text: string;
}

const REFUSAL =
  /admission webhook "([^"]+)" denied the request: ((.+?): (?:1 fault that has|\d+ faults that have) caused outages: (.+))/;

/** What premortem refused, which it must have. */
export function refusalOf({ code, stdout, stderr }: Ran): Refusal {
  const match = REFUSAL.exec(stderr);
  assert.ok(code !== 0 && match, `it was not refused by premortem:\n${stdout}${stderr}`);
  const [, webhook = '', head = '', object = '', rules = ''] = match;
  return { webhook, object, rules: rules.split(', '), head, text: stderr.slice(match.index) };
}

export function isRefused({ stderr }: Ran): boolean {
  return REFUSAL.test(stderr);
}

/** The warnings of a command that must have passed. */
export function warningsOf(ran: Ran): string[] {
  passed(ran);
  return warningsIn(ran);
}

export function warningsIn({ stderr }: Ran): string[] {
  const byKubectl = [...stderr.matchAll(/^Warning: (.*)$/gm)].map(([, warning = '']) => warning);
  return [...byKubectl, ...[...stderr.matchAll(LOGGED)].map(([, quoted = '']) => JSON.parse(`"${quoted}"`))];
}

/** Helm leaves warnings to the log of its library (k8s client-go/rest/warnings.go). */
const LOGGED = /^I\d{4} .* warnings\.go:\d+\] "Warning: (.*)"$/gm;

/** What a command printed that must have passed. */
export function passed({ code, stdout, stderr }: Ran): string {
  assert.equal(code, 0, `it did not pass:\n${stdout}${stderr}`);
  return stdout;
}
