import type { Member, TreeNode } from './yaml-tree.ts';
import { columnOf, type Layout, writeBehindDash, writeBehindKey, writeKey } from './yaml-write.ts';

/** Where a line goes in a mapping that has no other line like it. */
export type Placement = 'first' | 'last';

/** Writes another value behind a key or a dash. A comment on that line stays. */
export function replaceInBlock(
  text: string,
  parent: TreeNode,
  member: Member,
  value: unknown,
  layout: Layout,
): string {
  const { start, slot, value: old } = member;
  const lines = parent.kind === 'list' ? writeBehindDash(value, layout) : writeBehindKey(value, layout);
  const written = indented(lines, columnOf(text, start), layout);
  const firstEnd = written.search(/\r?\n|$/);
  const isNested = !old.flow && (old.kind === 'mapping' || old.kind === 'list');
  const lineEnd = endOfLine(text, slot);
  let comment = '';
  if (old.start > lineEnd) comment = text.slice(slot, lineEnd);
  else if (!isNested) comment = text.slice(old.end, endOfLine(text, old.end));
  const end = isNested ? endOfMember(text, member) : endOfLine(text, old.lastEnd);
  const line = text.slice(0, slot) + written.slice(0, firstEnd) + comment.trimEnd();
  return line + written.slice(firstEnd) + text.slice(end);
}

export function addToBlock(
  text: string,
  parent: TreeNode,
  key: string | number,
  value: unknown,
  placement: Placement,
  layout: Layout,
): string {
  const lines =
    typeof key === 'number'
      ? `-${writeBehindDash(value, layout)}`
      : `${writeKey(key, layout)}:${writeBehindKey(value, layout)}`;
  return addLines(text, parent, lines, placement, layout);
}

/**
 * Adds an entry to a mapping or an item to a list. One line goes behind the last entry of one line, so that it
 * is not torn from its like by what is nested below; several lines go to the end.
 *
 * @param lines without indentation
 */
export function addLines(
  text: string,
  parent: TreeNode,
  lines: string,
  placement: Placement,
  layout: Layout,
): string {
  const column = columnOf(text, parent.content);
  const isShort = parent.kind === 'mapping' && !lines.includes('\n');
  const last = parent.members.at(-1);
  const alike = parent.members.findLast(({ start, value }) => !text.slice(start, value.end).includes('\n'));
  const before = isShort ? (alike ?? (placement === 'last' ? last : undefined)) : last;
  const entry = indented(lines, column, layout);
  if (!before)
    return `${text.slice(0, parent.content)}${entry}${layout.lineBreak}${' '.repeat(column)}${text.slice(parent.content)}`;
  const at = endOfMember(text, before);
  return `${text.slice(0, at)}${layout.lineBreak}${' '.repeat(column)}${entry}${text.slice(at)}`;
}

/** Takes an entry away that is not the only one. */
export function removeFromBlock(text: string, parent: TreeNode, index: number): string | undefined {
  const member = parent.members[index];
  const next = parent.members[index + 1];
  if (!member) return undefined;
  const lineStart = member.start - columnOf(text, member.start);
  if (text.slice(lineStart, member.start).trim() !== '') {
    return next && text.slice(0, member.start) + text.slice(next.start);
  }
  const end = endOfMember(text, member);
  return text.slice(0, lineStart) + text.slice(end).replace(/^\r?\n/, '');
}

/** What stands behind the colon of an entry, comments included, as if the key stood in the first column. */
export function behindKey(text: string, member: Member): string {
  const indentation = new RegExp(`^ {0,${columnOf(text, member.start)}}`, 'gm');
  const [first = '', ...further] = text.slice(member.slot, endOfMember(text, member)).split('\n');
  return [first, ...further.map(line => line.replace(indentation, ''))].join('\n').replaceAll('\r\n', '\n');
}

/** The end of an entry's last line; lines of comment that are indented more than the entry belong to it. */
function endOfMember(text: string, member: Member): number {
  const comment = new RegExp(`^\\r?\\n {${columnOf(text, member.start) + 1},}#`);
  let end = endOfLine(text, member.value.lastEnd);
  while (comment.test(text.slice(end, end + 1000))) end = endOfLine(text, text.indexOf('#', end));
  return end;
}

function indented(lines: string, column: number, { lineBreak }: Layout): string {
  return lines.replace(/\n(?!\n|$)/g, `\n${' '.repeat(column)}`).replaceAll('\n', lineBreak);
}

/** Where the line break is that ends the line; for what ends with a line break, that one. */
function endOfLine(text: string, offset: number): number {
  const newline = offset > 0 && text[offset - 1] === '\n' ? offset - 1 : text.indexOf('\n', offset);
  if (newline < 0) return text.length;
  return text[newline - 1] === '\r' ? newline - 1 : newline;
}
