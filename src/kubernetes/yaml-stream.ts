import { endOfBrackets } from './json-text.ts';

/** A document's part of a stream: offsets, the end exclusive. */
export interface Part {
  start: number;
  end: number;
  /** The value, when the document is a JSON object; any other is still to be read, as YAML. */
  json?: unknown;
  /** Where a line that begins with `---` goes on with something other than a comment: kubectl refuses that. */
  badSeparatorAt?: number;
}

/**
 * Cuts a stream into documents as kubectl does before it parses any: at each line that begins with `---`, be it
 * inside a block scalar (k8s apimachinery pkg/util/yaml/decoder.go, YAMLReader). JSON objects follow one another
 * without separators; after the last of them kubectl's decoder, too, goes on with YAML.
 */
export function* splitStream(text: string): Generator<Part> {
  for (const part of splitAtSeparators(text)) {
    let { start } = part;
    for (;;) {
      const object = part.badSeparatorAt === undefined ? readJsonObject(text, start, part.end) : undefined;
      if (!object) break;
      yield object;
      start = object.end;
    }
    yield { ...part, start };
  }
}

function* splitAtSeparators(text: string): Generator<Part> {
  let part: Part = { start: text.startsWith('\uFEFF') ? 1 : 0, end: text.length };
  let at = text.startsWith('---', part.start) ? part.start : nextSeparator(text, part.start);
  while (at !== undefined) {
    const lineEnd = endOfLine(text, at);
    const rest = text.slice(at + 3, lineEnd).trim();
    if (rest === '' || rest.startsWith('#')) {
      yield { ...part, end: at };
      part = { start: lineEnd, end: text.length };
    } else {
      part.badSeparatorAt ??= at;
    }
    at = nextSeparator(text, lineEnd - 1);
  }
  yield part;
}

function nextSeparator(text: string, from: number): number | undefined {
  const at = text.indexOf('\n---', from);
  return at < 0 ? undefined : at + 1;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline + 1;
}

/** The JSON object that comes next in a part of a text; undefined when something else does. */
function readJsonObject(text: string, from: number, end: number): Part | undefined {
  let start = from;
  while (start < end && ' \t\r\n'.includes(text.charAt(start))) start++;
  const objectEnd = text[start] === '{' ? endOfBrackets(text, start, end) : undefined;
  if (objectEnd === undefined) return undefined;
  try {
    return { start, end: objectEnd, json: JSON.parse(text.slice(start, objectEnd)) };
  } catch {
    return undefined;
  }
}
