import {
  DEFAULT_SCALAR_STYLE_RULES,
  DUMP_SCHEMA,
  type DumpOptions,
  defineScalarTag,
  dump,
  NOT_RESOLVED,
  SCALAR_STYLE,
} from 'js-yaml';
import { resolvePlain } from './yaml-scalar.ts';
import type { TreeNode } from './yaml-tree.ts';

/** How a document is laid out. */
export interface Layout {
  lineBreak: string;
  /** Columns by which a mapping stands to the right of its key. */
  step: number;
  /** The same for a list. */
  listStep: number;
  json: boolean;
}

export function layoutOf(text: string, root: TreeNode): Layout {
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const step = stepOf(text, root, 'mapping') ?? 2;
  return { lineBreak, step, listStep: stepOf(text, root, 'list') ?? step, json: isJson(text) };
}

/** The first such step in the document, from the outside in. */
function stepOf(text: string, root: TreeNode, kind: TreeNode['kind']): number | undefined {
  const nodes = [root];
  for (const node of nodes) {
    if (node.flow) continue;
    for (const { start, value } of node.members) {
      const isBelow = text.slice(start, value.content).includes('\n');
      if (node.kind === 'mapping' && isBelow && value.kind === kind && !value.flow) {
        return columnOf(text, value.content) - columnOf(text, start);
      }
      nodes.push(value);
    }
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** What stands behind a key and its colon: ` value`, or lines, indented from the column of the key. */
export function writeBehindKey(value: unknown, layout: Layout): string {
  return write({ key: value }, layout).slice('key:'.length);
}

/** What stands behind the dash of a list item, further lines indented from the column of the dash. */
export function writeBehindDash(value: unknown, layout: Layout): string {
  return write([value], { ...layout, listStep: 0 }).slice('-'.length);
}

export function writeKey(key: string, layout: Layout): string {
  const text = write({ [key]: 0 }, layout);
  return text.startsWith('?') ? JSON.stringify(key) : text.slice(0, text.lastIndexOf(':'));
}

export function writeKeyInFlow(key: string, layout: Layout): string {
  return layout.json
    ? JSON.stringify(key)
    : writeInFlow({ [key]: 0 }, layout).slice('{'.length, -': 0}'.length);
}

/** A value in brackets, for a place inside brackets; on several lines where an indentation is given for them. */
export function writeInFlow(value: unknown, layout: Layout, indent = ''): string {
  if (layout.json) return JSON.stringify(value, null, indent);
  return dump([value], { ...OPTIONS, flowLevel: 0 }).slice(1, -2);
}

function write(value: unknown, { step, listStep }: Layout): string {
  const indent = /^ *- /m.test(dump(value, OPTIONS)) ? 2 : step;
  return dump(value, { ...OPTIONS, indent, seqNoIndent: listStep === 0 }).slice(0, -1);
}

/** js-yaml quotes what YAML 1.1 or 1.2 would take for something else; this adds what only go-yaml does. */
const readOtherwise = defineScalarTag('!go-yaml', {
  implicit: true,
  resolve: text => (typeof resolvePlain(text) === 'string' ? NOT_RESOLVED : text),
  identify: () => false,
});

const OPTIONS: DumpOptions = {
  schema: DUMP_SCHEMA.withTags(readOtherwise),
  lineWidth: -1,
  noRefs: true,
  scalarStyleRules: [
    layout => {
      if (/^\s|[ \t]\n|[ \t]$|\n\n$/.test(layout.node.value)) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
    },
    ...Object.values(DEFAULT_SCALAR_STYLE_RULES),
  ],
};
