import { structuredPatch } from 'diff';
import type { Finding } from '../model/report.ts';

export interface DiffLine {
  sign: '+' | '-' | ' ';
  /** The line's number in the file as it is; null for a new one. */
  line: number | null;
  text: string;
}

/** The edits of a finding as changed lines of its file; undefined where they cannot be written on that text. */
export function diffOf({ origin, edits }: Finding): DiffLine[] | undefined {
  const edited = edits.length > 0 ? origin?.edited(edits) : undefined;
  if (!edited) return undefined;
  const lines: DiffLine[] = [];
  for (const hunk of structuredPatch('', '', edited.before, edited.after, '', '', { context: 1 }).hunks) {
    let line = hunk.oldStart + edited.line - 1;
    for (const entry of hunk.lines) {
      const sign = entry[0];
      if (sign !== '+' && sign !== '-' && sign !== ' ') continue;
      lines.push({ sign, line: sign === '+' ? null : line++, text: entry.slice(1) });
    }
  }
  return lines;
}
