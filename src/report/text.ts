import pc from 'picocolors';
import { kindOf } from '../kubernetes/kinds.ts';
import { printable } from '../model/printable.ts';
import type { Finding, InputError, Review } from '../model/report.ts';
import type { Rule, Severity } from '../model/rule.ts';
import { formatRef } from '../model/subject.ts';
import { diffOf } from './diff.ts';
import type { Reporter } from './reporter.ts';
import type { Summary } from './summary.ts';
import { storyOf, WAIVER_PROBLEMS } from './wording.ts';
import { wrap } from './wrap.ts';

const WIDTH = 100;
const MOST_OF_A_LINE = 200;
/** What is shown before the place of a finding, where a line is too long to show whole. */
const LEAD = 120;

export interface TextOptions {
  color: boolean;
  /** Notes are counted, and shown only when they are asked for. */
  showNotes: boolean;
}

type Colors = ReturnType<typeof pc.createColors>;

/** The report for a terminal: each finding in a frame that shows the line it speaks of. */
export class TextReporter implements Reporter {
  readonly #colors: Colors;
  readonly #showNotes: boolean;
  /** The rules that have been told in full. */
  readonly #told = new Set<Rule>();

  constructor({ color, showNotes }: TextOptions) {
    this.#colors = pc.createColors(color);
    this.#showNotes = showNotes;
  }

  add({ findings, undecided, waiverProblems }: Review): string {
    const { magenta, yellow } = this.#colors;
    let text = '';
    for (const finding of findings) {
      if (finding.severity === 'note' && !this.#showNotes) continue;
      text += frame(finding, !this.#told.has(finding.rule), this.#colors);
      this.#told.add(finding.rule);
    }
    for (const { rule, object, because } of undecided) {
      text += `${magenta('undecided')}[${rule.id}]: ${formatRef(object)}: ${because}\n\n`;
    }
    for (const { rule, object, problem } of waiverProblems) {
      text += `${yellow('waiver')}[${rule}]: ${formatRef(object)}: ${WAIVER_PROBLEMS[problem]}\n\n`;
    }
    return text;
  }

  end(errors: readonly InputError[], summary: Summary): string {
    let text = '';
    for (const { file, line, column, message } of errors) {
      const place = line === null ? '' : `:${line}:${column ?? 1}`;
      text += `${this.#colors.red('error')}: ${printable(file)}${place}: ${printable(message)}\n`;
    }
    return text + summaryLine(summary, this.#showNotes);
  }
}

function frame(finding: Finding, inFull: boolean, colors: Colors): string {
  const { rule, origin, path, object, what, lesson } = finding;
  const place = origin?.locate(path);
  const gutter = ' '.repeat(String(place?.line ?? '').length + 1);
  const bar = colors.blue('|');
  const lines = wrap(`${heading(finding, colors)}: ${what}`, WIDTH, 2);
  if (origin && place) {
    const file = `${printable(origin.file)}:${place.line}:${place.column}`;
    const template = origin.template === undefined ? '' : `  from ${printable(origin.template)}`;
    lines.push(`${gutter}${colors.blue('-->')} ${file}  ${formatRef(object)}${template}`, `${gutter}${bar}`);
    if (isConfidential(finding)) {
      lines.push(`${colors.blue(String(place.line))} ${bar} (not shown: a ${object.kind} may hold secrets)`);
    } else {
      const { source, before, caret } = window(origin.lineText(place.line), place.column, place.length);
      lines.push(
        `${colors.blue(String(place.line))} ${bar} ${source}`,
        `${gutter}${bar} ${' '.repeat(before)}${paint(finding.severity, caret, colors)}`,
      );
    }
  } else {
    lines.push(`${gutter}${colors.blue('-->')} ${formatRef(object)}`);
  }
  lines.push(labelled(gutter, 'at', finding.at));
  if (inFull) lines.push(labelled(gutter, 'why', rule.why), labelled(gutter, 'story', storyOf(lesson)));
  lines.push(...fixLines(finding, gutter, colors));
  if (inFull) lines.push(labelled(gutter, 'more', `premortem explain ${rule.id}`));
  return `${lines.join('\n')}\n\n`;
}

/** As much of a line as can be shown, and what stands below it: blanks, then the caret. */
function window(
  line: string,
  column: number,
  length: number,
): { source: string; before: number; caret: string } {
  const start = Math.max(0, column - 1 - LEAD);
  const source = printable(line.slice(start, start + MOST_OF_A_LINE), MOST_OF_A_LINE);
  const before = column - 1 - start;
  return { source, before, caret: '^'.repeat(Math.max(1, Math.min(length, source.length - before))) };
}

function isConfidential({ object }: Finding): boolean {
  return kindOf(object)?.confidential === true;
}

function heading(finding: Finding, colors: Colors): string {
  const { rule, severity, waiver } = finding;
  if (waiver) return `${colors.dim('waived')}[${rule.id}]`;
  const since =
    finding.existing === 'no'
      ? ''
      : colors.dim(finding.existing === 'yes' ? ' (was there before)' : ' (old or new?)');
  return `${paint(severity, severity, colors)}[${rule.id}]${since}`;
}

function paint(severity: Severity, text: string, colors: Colors): string {
  if (severity === 'deny') return colors.bold(colors.red(text));
  return severity === 'warn' ? colors.bold(colors.yellow(text)) : colors.cyan(text);
}

function fixLines(finding: Finding, gutter: string, colors: Colors): string[] {
  if (finding.waiver) return [labelled(gutter, 'waived', finding.waiver.reason)];
  const diff = isConfidential(finding) ? undefined : diffOf(finding);
  if (!diff) {
    const indent = `\n${gutter}${' '.repeat(9)}`;
    return [`${gutter}= fix    ${finding.fix.replaceAll('\n', indent)}`];
  }
  const last = diff.findLast(({ line }) => line !== null)?.line ?? 0;
  const width = Math.max(String(last).length, gutter.length - 1);
  return [
    `${gutter}= fix`,
    ...diff.map(({ sign, line, text }) => {
      const row = `${String(line ?? '').padStart(width)} ${sign} ${printable(text, 200)}`;
      if (sign === ' ') return colors.dim(row);
      return sign === '+' ? colors.green(row) : colors.red(row);
    }),
  ];
}

function labelled(gutter: string, label: string, text: string): string {
  const indent = `\n${gutter}${' '.repeat(9)}`;
  return `${gutter}= ${label.padEnd(7)}${wrap(printable(text, 2000), WIDTH - 10, 0).join(indent)}`;
}

function summaryLine(summary: Summary, showNotes: boolean): string {
  const parts = [
    `${summary.deny} deny`,
    `${summary.warn} warn`,
    plural(summary.note, 'note') + (summary.note > 0 && !showNotes ? ' (--show notes)' : ''),
  ];
  if (summary.waived > 0) parts.push(`${summary.waived} waived`);
  if (summary.existing > 0) parts.push(`${summary.existing} there before`);
  if (summary.undecided > 0) parts.push(`${summary.undecided} undecided`);
  if (summary.errors > 0) parts.push(plural(summary.errors, 'error'));
  return `${plural(summary.files, 'file')}, ${plural(summary.objects, 'object')}: ${parts.join(', ')}\n`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
