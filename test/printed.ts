import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../docs');

/** The text of a page, and of one of its sections where a heading is given. */
export function page(file: string, heading?: string): string {
  const text = readFileSync(join(DOCS, file), 'utf8');
  if (heading === undefined) return text;
  const section = text.split(/^(?=#{2,3} )/m).find(one => /^#{2,3} (.+)$/m.exec(one)?.[1] === heading);
  if (section === undefined) throw new Error(`docs/${file} has no section "${heading}"`);
  return section;
}

/** What stands in the fenced blocks of one language. */
export function blocks(text: string, language: string): string[] {
  const fenced = new RegExp(`^( *)\`\`\`${language}\\n(.*?)^\\1\`\`\`$`, 'gms');
  return [...text.matchAll(fenced)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** The commands that a section prints, as lines for a shell. */
export function commands(file: string, heading: string): string {
  return blocks(page(file, heading), 'sh').join('');
}
