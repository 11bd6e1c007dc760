import { waiverKey } from '../engine/waivers.ts';
import { printable } from '../model/printable.ts';
import { Release } from '../model/release.ts';
import type { Finding, Review, Undecided } from '../model/report.ts';
import { formatRef } from '../model/subject.ts';
import type { Verdict } from '../model/verdict.ts';
import { storyOf, WAIVER_PROBLEMS } from './wording.ts';
import { wrap } from './wrap.ts';

const WIDTH = 100;
const MOST_BYTES = 4096;
const MOST_IN_FULL = 5;
/** What is kept for the names of what is not shown. */
const MOST_BYTES_OF_REST = 200;
const MOST_NAMED = 10;
const LABEL_WIDTH = 9;

/**
 * What the person reads whose apply is refused. The first line stands alone, since `kubectl get events` shows no
 * more, and says the same at every retry. Faults of one rule stand together, worst rule first, and the whole
 * keeps within 4 KB.
 */
export function denial(review: Review, verdict: Verdict): string {
  const { refusals, failures } = verdict;
  const rules = [...Map.groupBy(refusals, ({ rule }) => rule).values()];
  const reasons: string[] = [];
  if (refusals.length > 0) reasons.push(`${count(refusals.length)} caused outages: ${names(rules)}`);
  if (failures.length > 0)
    reasons.push(`could not be checked: ${[...new Set(failures.map(idOf))].join(', ')}`);
  const head = `${formatRef(review.object)}: ${reasons.join('; ')}`;
  const foot = footer(review, verdict);
  const unchecked = failures.length > 0 ? [failureBlock(failures, review)] : [];
  const blocks: string[] = [];
  let inFull = 0;
  const fits = (block: string) =>
    bytes([head, ...blocks, block, ...unchecked, ...foot]) <= MOST_BYTES - MOST_BYTES_OF_REST;
  for (const findings of rules) {
    const block = shorterAndShorter(findings, MOST_IN_FULL - inFull, review).find(fits);
    if (block === undefined) break;
    blocks.push(block);
    inFull += findings.length;
  }
  const rest = rules.slice(blocks.length);
  if (rest.length > 0) blocks.push(`and also: ${names(rest)}`);
  return [head, ...blocks, ...unchecked, foot.join('\n')].join('\n\n');
}

function count(faults: number): string {
  return faults === 1 ? '1 fault that has' : `${faults} faults that have`;
}

function names(rules: Finding[][]): string {
  return rules.map(([finding]) => finding?.rule.id).join(', ');
}

/** A line for each rule, with the first object of the release that it failed on. */
function failureBlock(failures: readonly Undecided[], review: Review): string {
  const rules = [...Map.groupBy(failures, ({ rule }) => rule).values()];
  const lines = rules.flatMap(([first, ...others]) => {
    if (!first) return [];
    const where = isMember(first, review) ? `${formatRef(first.object)}: ` : '';
    const more = others.length > 0 ? `, and on ${others.length} more` : '';
    return wrap(`${first.rule.id}: ${where}${first.because}${more}`, WIDTH, 2);
  });
  return [
    ...lines,
    labelled('why', 'The configuration refuses what cannot be checked (onError: deny).'),
  ].join('\n');
}

function idOf({ rule }: Finding | Undecided): string {
  return rule.id;
}

/** With as many faults as there may be, then with one less each time. */
function* shorterAndShorter(findings: Finding[], most: number, review: Review): Generator<string> {
  for (let shown = Math.min(most, findings.length); shown > 0; shown--)
    yield blockOf(findings, shown, review);
}

/** The first fault of a rule in full, the others by their place. */
function blockOf([first, ...others]: Finding[], most: number, review: Review): string {
  if (!first) return '';
  const { rule, lesson } = first;
  const shown = others.slice(0, most - 1);
  const fixes = [...new Set([first, ...shown].map(({ fix }) => fix))];
  const lines = [
    ...wrap(`${rule.id}: ${whatOf(first, review)}`, WIDTH, 2),
    ...placeOf(first, review),
    ...shown.flatMap(other => [
      labelled('also', whatOf(other, review)),
      ...(isMember(other, review) ? placeOf(other, review) : []),
    ]),
    ...leftOver(others.slice(shown.length), review),
    labelled('why', rule.why),
    labelled('story', storyOf(lesson)),
    ...fixes.map((fix, index) => asItStands(index === 0 ? 'fix' : 'and', fix)),
  ];
  return lines.join('\n');
}

/** Is it about an object of the release under review? */
function isMember({ object }: Finding | Undecided, review: Review): boolean {
  return formatRef(object) !== formatRef(review.object);
}

function whatOf(finding: Finding, review: Review): string {
  return isMember(finding, review) ? `${formatRef(finding.object)}: ${finding.what}` : finding.what;
}

function placeOf(finding: Finding, review: Review): string[] {
  const { at, origin, path } = finding;
  const template = isMember(finding, review) ? origin?.template : undefined;
  if (template === undefined || !origin) return [labelled('at', at)];
  const { line } = origin.locate(path);
  return [
    labelled('at', at),
    labelled('in', `${printable(template)}, rendered to line ${line} of the manifest`),
  ];
}

/** Of those that are not shown, the objects are named at least. */
function leftOver(findings: readonly Finding[], review: Review): string[] {
  if (findings.length === 0) return [];
  const objects = [
    ...new Set(findings.filter(one => isMember(one, review)).map(({ object }) => formatRef(object))),
  ];
  if (objects.length === 0) return [labelled('also', `${findings.length} more`)];
  const named = objects.slice(0, MOST_NAMED).join(', ');
  const more = objects.length > MOST_NAMED ? ` and ${objects.length - MOST_NAMED} more objects` : '';
  return [labelled('also', `${findings.length} more, in ${named}${more}`)];
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

function footer(
  { object, waiverProblems }: Review,
  { refusals, failures, annotationWaivers }: Verdict,
): string[] {
  const ids = [...new Set([...refusals, ...failures].map(idOf))];
  const lines = waiverProblems
    .filter(problem => ids.includes(problem.rule))
    .map(problem => `the waiver of ${problem.rule} does not hold: ${WAIVER_PROBLEMS[problem.problem]}`);
  const goers = new Set(refusals.filter(({ about }) => about !== undefined).map(idOf));
  const onWhat = (id: string) =>
    goers.has(id) ? 'the live object: ' : object.kind === Release.name ? 'the object in its template: ' : '';
  const confirmable = new Set(refusals.filter(({ rule }) => rule.confirmable).map(idOf));
  const waivable = ids.filter(id => !confirmable.has(id));
  const annotations = waivable.map((id, index) => annotationLine(id, index, onWhat(id)));
  return [
    ...(object.kind === Release.name ? [NOTHING_CHANGED] : []),
    ...lines,
    `${rehearsal(object, refusals)}more: premortem explain ${ids[0]}`,
    ...(annotationWaivers === 'honoured' || waivable.length === 0 ? annotations : [NO_ANNOTATIONS]),
  ];
}

function annotationLine(id: string, index: number, onWhat: string): string {
  const lead = index === 0 ? 'right here? annotate' : '                and';
  return `${lead} ${onWhat}${waiverKey(id)}: "<reason>"`;
}

const NO_ANNOTATIONS =
  "right here? annotations waive nothing: a waiver must stand in premortem's configuration";

const NOTHING_CHANGED = 'The release is refused as a whole: nothing in the cluster has changed.';

/** How the same is told before anything is sent to the cluster. */
function rehearsal({ kind, namespace, name }: Review['object'], refusals: readonly Finding[]): string {
  if (kind === 'Namespace') return '';
  if (kind !== Release.name) return 'before you apply: premortem check FILE · ';
  const dropsSomething = refusals.some(({ about }) => about !== undefined);
  return dropsSomething
    ? `before you upgrade: helm template … | premortem check --before <(helm get manifest ${name} -n ${namespace}) -\n`
    : 'before you install or upgrade: helm template … | premortem check - · ';
}

function bytes(parts: string[]): number {
  return Buffer.byteLength(parts.join('\n\n'));
}
