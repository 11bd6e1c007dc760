import { promises as fs } from 'node:fs';
import { readObjects } from '../intake/files.ts';
import { STDIN } from '../intake/sources.ts';
import { printable } from '../model/printable.ts';
import { type Finding, isNew } from '../model/report.ts';
import { formatRef, refOf } from '../model/subject.ts';

/** Is it a new finding that comes with edits, in a file? */
export function isFixable(finding: Finding): boolean {
  const { edits, origin } = finding;
  return isNew(finding) && edits.length > 0 && origin !== undefined && origin.file !== STDIN;
}

/**
 * Writes the edits of fixable findings into their files, which keep their comments and their layout. Says in a line
 * each what was done and what was not; `failed` when a file could not be written.
 */
export async function fixFiles(fixable: readonly Finding[]): Promise<{ lines: string[]; failed: boolean }> {
  const lines: string[] = [];
  let failed = false;
  for (const [file, findings] of Map.groupBy(fixable, ({ origin }) => origin?.file ?? '')) {
    const name = printable(file);
    try {
      const { fixed, left } = await fixFile(file, findings);
      if (fixed.length > 0) lines.push(`fixed ${name}: ${rulesOf(fixed)}`);
      if (left.length > 0) lines.push(`not fixed in ${name}, mend it by hand: ${rulesOf(left)}`);
    } catch (error) {
      failed = true;
      lines.push(`error: ${name} cannot be written: ${(error as Error).message}`);
    }
  }
  return { lines, failed };
}

async function fixFile(
  file: string,
  findings: readonly Finding[],
): Promise<{ fixed: Finding[]; left: Finding[] }> {
  const before = await fs.readFile(file, 'utf8');
  let after = before;
  const [fixed, left]: [Finding[], Finding[]] = [[], []];
  for (const finding of findings) {
    const next = edited(after, file, finding);
    (next === undefined ? left : fixed).push(finding);
    after = next ?? after;
  }
  if (after !== before) await fs.writeFile(file, after);
  return { fixed, left };
}

/** The text after one finding's edits; the object is looked up anew, since earlier edits have moved it. */
function edited(text: string, file: string, { object, edits }: Finding): string | undefined {
  const name = formatRef(object);
  const same = readObjects({ file, text }).objects.filter(one => formatRef(refOf(one.object)) === name);
  const [only] = same;
  const part = same.length === 1 ? only?.origin.edited(edits) : undefined;
  if (!part) return undefined;
  return text.slice(0, part.start) + part.after + text.slice(part.start + part.before.length);
}

function rulesOf(findings: readonly Finding[]): string {
  return [...new Set(findings.map(({ rule }) => rule.id))].join(', ');
}
