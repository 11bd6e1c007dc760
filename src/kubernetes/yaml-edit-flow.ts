import type { Member, TreeNode } from './yaml-tree.ts';
import { type Layout, writeInFlow, writeKeyInFlow } from './yaml-write.ts';

/** Writes another value at a place inside brackets. */
export function replaceInFlow(
  text: string,
  parent: TreeNode,
  { start, keyEnd, value: old }: Member,
  value: unknown,
  layout: Layout,
): string {
  const written = writeNested(text, parent, start, value, layout);
  const isMissing = old.start === old.end;
  const colon = parent.kind === 'mapping' && old.start === keyEnd ? ': ' : ' ';
  return text.slice(0, old.start) + (isMissing ? colon : '') + written + text.slice(old.end);
}

/** Adds an entry or an item behind the last one, on a line of its own if the others have one. */
export function addToFlow(
  text: string,
  parent: TreeNode,
  key: string | number,
  value: unknown,
  layout: Layout,
): string {
  const last = parent.members.at(-1);
  const isCompact = last !== undefined && parent.kind === 'mapping' && layout.json && text[last.slot] !== ' ';
  const space = isCompact ? '' : ' ';
  const place = last?.start ?? parent.content;
  const written = writeNested(text, parent, place, value, layout);
  const entry = typeof key === 'number' ? written : `${writeKeyInFlow(key, layout)}:${space}${written}`;
  if (!last) {
    const brackets = parent.kind === 'list' ? ['[', ']'] : ['{', '}'];
    return text.slice(0, parent.content) + brackets.join(entry) + text.slice(parent.end);
  }
  const separator = isOnLines(text, parent) ? layout.lineBreak + indentationAt(text, last.start) : space;
  return `${text.slice(0, last.value.end)},${separator}${entry}${text.slice(last.value.end)}`;
}

/** Takes an entry away that is not the only one, and the comma with it. */
export function removeFromFlow(text: string, parent: TreeNode, index: number): string | undefined {
  const member = parent.members[index];
  const next = parent.members[index + 1];
  const previous = parent.members[index - 1];
  if (member && next) return text.slice(0, member.start) + text.slice(next.start);
  return member && previous && text.slice(0, previous.value.end) + text.slice(member.value.end);
}

/** JSON that stands on lines of its own gets lines for what is nested in it. */
function writeNested(text: string, parent: TreeNode, place: number, value: unknown, layout: Layout): string {
  if (!layout.json || !isOnLines(text, parent)) return writeInFlow(value, layout);
  const outer = indentationAt(text, parent.content);
  const indentation = indentationAt(text, place);
  const step = indentation.startsWith(outer) ? indentation.slice(outer.length) : '';
  return writeInFlow(value, layout, step || '  ').replaceAll('\n', layout.lineBreak + indentation);
}

function isOnLines(text: string, { content, members }: TreeNode): boolean {
  return text.slice(content, members[0]?.start).includes('\n');
}

function indentationAt(text: string, offset: number): string {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(lineStart, offset))?.[0] ?? '';
}
