import {
  type AliasEvent,
  CHOMPING_MODE,
  COLLECTION_STYLE,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { isMergeKey, readScalar } from './yaml-construct.ts';
import { readEvents } from './yaml-events.ts';
import { keyText } from './yaml-scalar.ts';

/** A value as it is written: offsets into the document's text, ends exclusive. */
export interface TreeNode {
  kind: 'mapping' | 'list' | 'scalar' | 'alias';
  /** Written with brackets, as in JSON. */
  flow: boolean;
  /** Where it begins, its anchor and tag included. */
  start: number;
  /** Where it begins without them. */
  content: number;
  /** Where it ends, blank lines left out. */
  end: number;
  /** Where it ends when the blank lines after it belong to it (`|+`), else as `end`. */
  lastEnd: number;
  members: Member[];
}

/** One entry of a mapping or one item of a list. */
export interface Member {
  /** As JSON has it; undefined for list items, `<<` and keys that are aliases. */
  key: string | undefined;
  /** Where its key, its dash or, with brackets, its value begins. */
  start: number;
  /** Where its key ends. */
  keyEnd: number;
  /** Behind its colon or dash, where the value would begin. */
  slot: number;
  value: TreeNode;
}

/**
 * How a document is written; undefined for an empty one. Its events are read unless they are at hand.
 *
 * @throws YamlFault
 */
export function readTree(
  source: string,
  events: readonly Event[] = readEvents(source),
): TreeNode | undefined {
  const reader = new TreeReader(source);
  for (const event of events) {
    if (event.type === EVENT_ID.SCALAR) reader.scalar(event);
    else if (event.type === EVENT_ID.ALIAS) reader.alias(event);
    else if (event.type === EVENT_ID.POP) reader.close();
    else if (event.type !== EVENT_ID.DOCUMENT) reader.open(event);
  }
  return reader.root;
}

interface Properties {
  anchorStart: number;
  anchorEnd: number;
  tagStart: number;
  tagEnd: number;
}

type Leaf = Pick<TreeNode, 'kind' | 'start' | 'content' | 'end' | 'lastEnd'>;

/** A collection that is not closed yet. */
interface Frame {
  node: TreeNode;
  /** The entry whose key was read and whose value comes next. */
  pending: Pick<Member, 'key' | 'start' | 'keyEnd'> | undefined;
}

class TreeReader {
  root: TreeNode | undefined;
  readonly #source: string;
  readonly #open: Frame[] = [];
  /** The end of what was read last. */
  #cursor = 0;

  constructor(source: string) {
    this.#source = source;
  }

  scalar(event: ScalarEvent): void {
    const top = this.#open.at(-1);
    const isKey = top?.node.kind === 'mapping' && !top.pending;
    const slot = this.#advance(top, isKey);
    const leaf = this.#scalarAt(event, slot);
    if (!isKey) {
      this.#add(leaf, slot);
      return;
    }
    const text = getScalarValue(this.#source, event);
    const key = isMergeKey(this.#source, event, text)
      ? undefined
      : keyText(text, readScalar(this.#source, event, text));
    this.#addKey(top, key, leaf);
  }

  alias(event: AliasEvent): void {
    const top = this.#open.at(-1);
    const isKey = top?.node.kind === 'mapping' && !top.pending;
    const slot = this.#advance(top, isKey);
    const start = event.anchorStart - 1;
    const leaf: Leaf = {
      kind: 'alias',
      start,
      content: start,
      end: event.anchorEnd,
      lastEnd: event.anchorEnd,
    };
    if (isKey) this.#addKey(top, undefined, leaf);
    else this.#add(leaf, slot);
  }

  open(event: MappingEvent | SequenceEvent): void {
    const kind = event.type === EVENT_ID.MAPPING ? 'mapping' : 'list';
    const slot = this.#advance(this.#open.at(-1), false);
    const content = event.start;
    const start = startOf(event, content);
    const node = this.#add({ kind, start, content, end: content, lastEnd: content }, slot);
    node.flow = event.style === COLLECTION_STYLE.FLOW;
    const hasBracket = node.flow && '{['.includes(this.#source.charAt(event.start));
    this.#cursor = hasBracket ? event.start + 1 : event.start;
    this.#open.push({ node, pending: undefined });
  }

  close(): void {
    const node = this.#open.pop()?.node;
    if (!node) return;
    if (node.flow && '{['.includes(this.#source.charAt(node.content))) {
      this.#cursor = this.#skip(this.#cursor, ',:?') + 1;
      node.end = this.#cursor;
      node.lastEnd = node.end;
    } else {
      const last = node.members.at(-1)?.value;
      node.end = last?.end ?? node.end;
      node.lastEnd = last?.lastEnd ?? node.end;
    }
  }

  /** Goes to where the next node would begin and tells that place; on the way are the marks of its parent. */
  #advance(parent: Frame | undefined, isKey: boolean): number {
    const { kind, flow } = parent?.node ?? {};
    if (parent?.pending) {
      const colon = this.#skip(this.#cursor, '');
      if (this.#source[colon] === ':') this.#cursor = colon + 1;
    } else if (kind === 'list' && !flow) {
      this.#cursor = this.#skip(this.#cursor, '') + 1;
    } else if (isKey || kind === 'list') {
      this.#cursor = this.#skip(this.#cursor, ',?');
    }
    return this.#cursor;
  }

  #scalarAt(event: ScalarEvent, slot: number): Leaf {
    const propertiesEnd = Math.max(slot, event.anchorEnd, event.tagEnd);
    if (event.valueStart < 0) {
      return scalarOf(event, propertiesEnd, propertiesEnd, propertiesEnd);
    }
    if (event.style === SCALAR_STYLE.LITERAL_BLOCK || event.style === SCALAR_STYLE.FOLDED_BLOCK) {
      const content = this.#skip(propertiesEnd, '');
      const end = content + this.#source.slice(content, event.valueEnd).trimEnd().length;
      const lastEnd = event.chomping === CHOMPING_MODE.KEEP ? event.valueEnd : end;
      return scalarOf(event, content, end, lastEnd);
    }
    const quote = event.style === SCALAR_STYLE.PLAIN ? 0 : 1;
    const end = event.valueEnd + quote;
    return scalarOf(event, event.valueStart - quote, end, end);
  }

  #addKey(parent: Frame, key: string | undefined, leaf: Leaf): void {
    parent.pending = { key, start: leaf.start, keyEnd: leaf.end };
    this.#cursor = leaf.end;
  }

  #add({ kind, start, content, end, lastEnd }: Leaf, slot: number): TreeNode {
    const node: TreeNode = { kind, flow: false, start, content, end, lastEnd, members: [] };
    const parent = this.#open.at(-1);
    if (!parent) {
      this.root = node;
    } else {
      const at = parent.node.flow ? start : slot - 1;
      const entry = parent.pending ?? { key: undefined, start: at, keyEnd: at };
      parent.node.members.push({
        key: entry.key,
        start: entry.start,
        keyEnd: entry.keyEnd,
        slot,
        value: node,
      });
      parent.pending = undefined;
    }
    this.#cursor = Math.max(node.end, node.lastEnd);
    return node;
  }

  /** The next offset that is neither space, nor in a comment, nor one of some marks. */
  #skip(from: number, marks: string): number {
    const source = this.#source;
    let at = from;
    for (; at < source.length; at++) {
      const character = source.charAt(at);
      if (character === ' ' || character === '\n' || character === '\t' || character === '\r') continue;
      if (character === '#') {
        const newline = source.indexOf('\n', at);
        at = newline < 0 ? source.length : newline;
      } else if (!marks.includes(character)) {
        break;
      }
    }
    return at;
  }
}

function scalarOf(properties: Properties, content: number, end: number, lastEnd: number): Leaf {
  return { kind: 'scalar', start: startOf(properties, content), content, end, lastEnd };
}

function startOf(properties: Properties, content: number): number {
  let start = content;
  if (properties.anchorStart >= 0) start = Math.min(start, properties.anchorStart - 1);
  return properties.tagStart >= 0 ? Math.min(start, properties.tagStart) : start;
}
