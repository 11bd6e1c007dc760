import { waiverKey } from '../engine/waivers.ts';
import type { Finding, Review } from '../model/report.ts';
import { formatRef } from '../model/subject.ts';
import { wrap } from './wrap.ts';

const WIDTH = 100;
const MOST_BYTES = 4096;
const MOST_IN_FULL = 5;
const LABEL_WIDTH = 9;

/**
 * What the person reads whose apply is refused. The first line stands alone, since `kubectl get events` shows no
 * more, and says the same at every retry. Faults of one rule stand together, worst rule first, and the whole
 * keeps within 4 KB.
 */
export function denial(review: Review, refusals: readonly Finding[]): string {
  const rules = [...Map.groupBy(refusals, ({ rule }) => rule).values()];
  const head = `${formatRef(review.object)}: ${count(refusals.length)} caused outages: ${names(rules)}`;
  const foot = footer(review, refusals);
  const blocks: string[] = [];
  let inFull = 0;
  for (const findings of rules) {
    const block = blockOf(findings, Math.max(0, MOST_IN_FULL - inFull));
    if (inFull >= MOST_IN_FULL || bytes([head, ...blocks, block, ...foot]) > MOST_BYTES - 200) break;
    blocks.push(block);
    inFull += findings.length;
  }
  const rest = rules.slice(blocks.length);
  if (rest.length > 0) blocks.push(`and also: ${names(rest)}`);
  return [head, ...blocks, foot.join('\n')].join('\n\n');
}

function count(faults: number): string {
  return faults === 1 ? '1 fault that has' : `${faults} faults that have`;
}

function names(rules: Finding[][]): string {
  return rules.map(([finding]) => finding?.rule.id).join(', ');
}

/** The first fault of a rule in full, the others by their place. */
function blockOf([first, ...others]: Finding[], most: number): string {
  if (!first) return '';
  const { rule, lesson, at, what } = first;
  const shown = others.slice(0, Math.max(0, most - 1));
  const fixes = [...new Set([first, ...shown].map(({ fix }) => fix))];
  const lines = [
    ...wrap(`${rule.id}: ${what}`, WIDTH, 2),
    labelled('at', at),
    ...shown.map(other => labelled('also', other.what)),
  ];
  if (others.length > shown.length) lines.push(labelled('also', `${others.length - shown.length} more`));
  lines.push(
    labelled('why', rule.why),
    labelled('story', storyOf(lesson)),
    ...fixes.map((fix, index) => asItStands(index === 0 ? 'fix' : 'and', fix)),
  );
  return lines.join('\n');
}

/** `Datadog 2018: …` */
export function storyOf({ incident: { who, when }, inShort }: Finding['lesson']): string {
  return `${who} ${when}: ${inShort}`;
}

function labelled(label: string, text: string): string {
  const [first = '', ...rest] = wrap(text, WIDTH - LABEL_WIDTH, 0);
  const indent = `\n${' '.repeat(LABEL_WIDTH)}`;
  return `  ${label.padEnd(LABEL_WIDTH - 2)}${[first, ...rest].join(indent)}`;
}

/** What is to be pasted is not wrapped. */
function asItStands(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH - 2)}${text.replaceAll('\n', `\n${' '.repeat(LABEL_WIDTH)}`)}`;
}

function footer({ object, waiverProblems }: Review, refusals: readonly Finding[]): string[] {
  const rule = refusals[0]?.rule;
  if (!rule) return [];
  const lines = waiverProblems
    .filter(problem => refusals.some(finding => finding.rule.id === problem.rule))
    .map(problem => `the waiver of ${problem.rule} does not hold: ${WAIVER_PROBLEMS[problem.problem]}`);
  const ids = [...new Set(refusals.map(finding => finding.rule.id))];
  const before = object.kind === 'Namespace' ? '' : 'before you apply: premortem check FILE · ';
  return [
    ...lines,
    `${before}more: premortem explain ${rule.id}`,
    ...ids.map(
      (id, index) =>
        `${index === 0 ? 'right here? annotate' : '                and'} ${waiverKey(id)}: "<reason>"`,
    ),
  ];
}

export const WAIVER_PROBLEMS = {
  expired: 'its last day has passed',
  needless: 'there is nothing to waive',
  'without-reason': 'it gives no reason',
  malformed: 'a last day is written at its end, as in "<reason>; until=2026-12-31"',
  'unknown-rule': 'there is no such rule',
} as const;

function bytes(parts: string[]): number {
  return Buffer.byteLength(parts.join('\n\n'));
}
