import type { Event } from 'js-yaml';
import { valueAt } from './object.ts';
import { type Position, TextLines } from './text-lines.ts';
import { construct } from './yaml-construct.ts';
import { type Patience, readEvents, YamlFault } from './yaml-events.ts';
import { splitStream } from './yaml-stream.ts';
import { readTree, type TreeNode } from './yaml-tree.ts';

export type { Position };

/** Offsets into the text, the end exclusive. */
export interface Span {
  start: number;
  end: number;
}

/** Where something is written; the key is undefined for list items and for the root. */
export interface Place {
  key: Span | undefined;
  value: Span;
}

export interface YamlDocument {
  /** Plain JSON values, nested no deeper than 500. What an alias repeats is the same object: never change it. */
  value: unknown;
  /**
   * Where the thing at a path is written. What came by an alias or by `<<` is where that stands; undefined
   * when the document holds nothing at the path.
   */
  locate(path: readonly (string | number)[]): Place | undefined;
  /** The document's part of the text, its comments included, the separators around it not. */
  span: Span;
}

/** Why a document could not be read: one line of text, and the place counted as editors do. */
export interface YamlError extends Position {
  message: string;
}

export interface YamlFile {
  text: string;
  /** The documents that could be read, without the empty ones. */
  documents: YamlDocument[];
  /** One for each document that could not be read. */
  errors: YamlError[];
  positionAt(offset: number): Position;
  /** The text of a line, which are counted from 1, without its line break. */
  lineText(line: number): string;
}

/**
 * Reads a stream of YAML documents, or of JSON objects, as kubectl does. Each document stands for itself: one
 * that cannot be read leaves the others alone. Takes any text and never throws. Documents whose text is not `wanted`
 * are passed over.
 */
export function parseYaml(text: string, wanted: (source: string) => boolean = () => true): YamlFile {
  const lines = new TextLines(text);
  const file: YamlFile = {
    text,
    documents: [],
    errors: [],
    positionAt: offset => lines.positionAt(offset),
    lineText: line => lines.lineText(line),
  };
  const fail = (message: string, offset: number) =>
    file.errors.push({ message, ...lines.positionAt(offset) });
  if (/^(?:\uFFFD\uFFFD|\uFFFE|.?\0)/s.test(text)) {
    fail('the file is not UTF-8 text but, by its looks, UTF-16: save it as UTF-8', 0);
    return file;
  }
  const patience: Patience = { characters: 32_000_000 };
  const trees = new LastTree(text);
  recent = new Map();
  for (const part of splitStream(text)) {
    if (part.badSeparatorAt !== undefined) {
      fail('only a comment may follow --- on its line', part.badSeparatorAt);
      continue;
    }
    try {
      const source = text.slice(part.start, part.end);
      if (!wanted(source)) continue;
      const events = part.json === undefined ? readEvents(source, patience) : undefined;
      const value = events ? construct(source, events) : part.json;
      if (value === null) continue;
      const document = new Document(value, { start: part.start, end: part.end }, trees);
      file.documents.push(document);
      if (events && text.length <= MOST_REMEMBERED) recent.set(document, events);
    } catch (error) {
      if (!(error instanceof YamlFault)) throw error;
      fail(error.message, part.start + error.offset);
    }
  }
  return file;
}

/** Of a file of so many characters; its events take some forty times as much memory. */
const MOST_REMEMBERED = 128 * 1024;

/** The events of the file that was read last, since places in it are asked for before the next is read. */
let recent = new Map<YamlDocument, readonly Event[]>();

class Document implements YamlDocument {
  readonly value: unknown;
  readonly span: Span;
  readonly #trees: LastTree;

  constructor(value: unknown, span: Span, trees: LastTree) {
    this.value = value;
    this.span = span;
    this.#trees = trees;
  }

  locate(path: readonly (string | number)[]): Place | undefined {
    if (valueAt(this.value, path) === undefined) return undefined;
    return locateIn(this.#trees.of(this), path, this.span.start);
  }
}

/** How a document is written that places are asked of; forgotten when another is asked. */
class LastTree {
  readonly #text: string;
  #document: YamlDocument | undefined;
  #tree: TreeNode | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  of(document: YamlDocument): TreeNode | undefined {
    if (this.#document !== document) {
      const { start, end } = document.span;
      this.#tree = treeOrNone(this.#text.slice(start, end), recent.get(document));
      this.#document = document;
    }
    return this.#tree;
  }
}

/** JSON that js-yaml refuses has no places. */
function treeOrNone(source: string, events: readonly Event[] | undefined): TreeNode | undefined {
  try {
    return readTree(source, events);
  } catch (error) {
    if (error instanceof YamlFault) return undefined;
    throw error;
  }
}

function locateIn(
  root: TreeNode | undefined,
  path: readonly (string | number)[],
  base: number,
): Place | undefined {
  if (!root) return undefined;
  let key: Span | undefined;
  let node = root;
  for (const step of path) {
    if (node.kind === 'alias') break;
    const written =
      typeof step === 'number' ? node.members[step] : node.members.findLast(member => member.key === step);
    const member = written ?? node.members.findLast(({ key }) => key === undefined);
    if (!member) return undefined;
    key = typeof step === 'string' ? { start: base + member.start, end: base + member.keyEnd } : undefined;
    node = member.value;
    if (!written) break;
  }
  return { key, value: { start: base + node.start, end: base + node.end } };
}
