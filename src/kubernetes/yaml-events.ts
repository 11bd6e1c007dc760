import { type Event, parseEvents, YAMLException } from 'js-yaml';
import { type Enclosure, PaddedText } from './yaml-padding.ts';

/** What stops a document from being read: one line of text and the offset in the document at which it is. */
export class YamlFault extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'YamlFault';
    this.offset = offset;
  }
}

/** How many characters may still be parsed again for the sake of bad indentation; shared by a file. */
export interface Patience {
  characters: number;
}

/** Nesting beyond this is refused, so that whoever walks a value may do so recursively. */
export const MAX_DEPTH = 500;

/**
 * The events of the first YAML document in a text, with offsets into that text.
 *
 * @throws YamlFault
 */
export function readEvents(source: string, patience: Patience = { characters: 8_000_000 }): Event[] {
  const padded = new PaddedText(firstDocument(source));
  for (;;) {
    try {
      const events = parseEvents(padded.text, { maxDepth: MAX_DEPTH });
      return padded.isPadded ? events.map(event => withSourceOffsets(event, padded)) : events;
    } catch (error) {
      if (error instanceof RangeError) throw new YamlFault('nested too deeply', 0);
      if (!(error instanceof YAMLException) || !error.mark) throw error;
      const { position, column } = error.mark;
      patience.characters -= 2 * position + padded.text.length / 4;
      const mended =
        error.reason === 'deficient indentation' &&
        patience.characters > 0 &&
        padded.mend(position, column, enclosureAtEnd);
      if (!mended) throw new YamlFault(inOurWords(error.reason), padded.sourceOffset(position));
    }
  }
}

/** What is still open at the end of a text; undefined when that cannot be told. */
function enclosureAtEnd(text: string): Enclosure | undefined {
  try {
    parseEvents(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    if (!(error instanceof YAMLException)) return undefined;
    if (error.reason.endsWith('within a flow collection')) return '[';
    if (error.reason.endsWith('within a single quoted scalar')) return "'";
    const endsWithBackslash = error.reason === 'unknown escape sequence' && text.endsWith('\\');
    if (endsWithBackslash || error.reason.endsWith('within a double quoted scalar')) return '"';
  }
  return undefined;
}

/** go-yaml stops reading at the first document end marker. */
function firstDocument(source: string): string {
  const end = /^\.\.\.(?=[ \t\r\n]|$)/m.exec(source);
  return end ? source.slice(0, end.index) : source;
}

function inOurWords(reason: string): string {
  return reason.startsWith('nesting exceeded') ? `nested more than ${MAX_DEPTH} levels deep` : reason;
}

const OFFSETS = [
  'start',
  'valueStart',
  'valueEnd',
  'anchorStart',
  'anchorEnd',
  'tagStart',
  'tagEnd',
] as const;

function withSourceOffsets(event: Event, padded: PaddedText): Event {
  const moved: Partial<Record<(typeof OFFSETS)[number], number>> = {};
  for (const name of OFFSETS) {
    const offset = (event as typeof moved)[name];
    if (offset !== undefined && offset >= 0) moved[name] = padded.sourceOffset(offset);
  }
  return { ...event, ...moved };
}
