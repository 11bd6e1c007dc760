/** What a line break stands in: a scalar in these quotes, or a flow collection. */
export type Enclosure = '"' | "'" | '[';

/**
 * A YAML document as js-yaml accepts it, and the way back to the text as it was written.
 *
 * js-yaml holds to YAML 1.2, where the lines of a flow collection or of a quoted scalar are indented more than
 * what surrounds them, by spaces. libyaml, and so kubectl, does not look at the indentation there, and many
 * manifests close a `[` in the column of its key. Such lines get spaces in front of them here; tabs become
 * spaces. What scalars say is to be read from the text as it was written.
 */
export class PaddedText {
  text: string;
  /** As long as what was written; only tabs differ. */
  #source: string;
  /** Spaces in front of lines, by where the line begins in the source. */
  readonly #widths = new Map<number, number>();
  /** The padded lines in order: where each begins in the padded text, and the spaces up to and with it. */
  #paddings: { start: number; total: number }[] = [];

  constructor(source: string) {
    this.text = source;
    this.#source = source;
  }

  /** Whether anything was moved, so that offsets are not those of the source. */
  get isPadded(): boolean {
    return this.#paddings.length > 0;
  }

  /**
   * Mends the line at which js-yaml misses indentation and those that go on with the same collection or scalar,
   * since each attempt parses anew; false when there is nothing to mend. In what a text ends is for the caller
   * to tell.
   */
  mend(position: number, column: number, enclosureAtEnd: (text: string) => Enclosure | undefined): boolean {
    const start = this.sourceOffset(position - column);
    const end = this.sourceOffset(position);
    if (this.#source.slice(start, end).includes('\t')) {
      const beginning = this.#source.slice(start, end).replaceAll('\t', ' ');
      const rest = this.#source.slice(end).replace(/\S.*/g, text => text.replaceAll('\t', ' '));
      this.#source = this.#source.slice(0, start) + beginning + rest;
    } else {
      const width = this.#sufficientWidth(start);
      if ((this.#widths.get(start) ?? 0) >= width) return false;
      if (this.#widths.size === 0) this.#padClosingLines(start);
      const before = lineBefore(this.text, position - column);
      const enclosure = enclosureAtEnd(this.text.slice(0, before.start) + before.text.trimEnd());
      const last = enclosure ? endOfEnclosure(this.#source, start, enclosure) : start;
      for (let line = start; line <= last; line = endOfLine(this.#source, line)) this.#widen(line, width);
    }
    this.#pad();
    return true;
  }

  sourceOffset(offset: number): number {
    let low = 0;
    let high = this.#paddings.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#paddings[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const last = this.#paddings[low - 1];
    const before = this.#paddings[low - 2]?.total ?? 0;
    return last ? Math.max(offset - last.total, last.start - before) : offset;
  }

  /**
   * No line can begin with a closing bracket but in a flow collection or inside a scalar, to which spaces do no
   * harm, save where they would set the indentation of a block scalar.
   */
  #padClosingLines(from: number): void {
    const lines = /^[ \t]*[\]}]/gm;
    lines.lastIndex = from;
    for (let match = lines.exec(this.#source); match; match = lines.exec(this.#source)) {
      const previous = lineBefore(this.#source, match.index);
      if (!/[|>][-+\d]*[ \t]*(?:#.*)?\s*$/.test(previous.text)) {
        this.#widen(match.index, this.#sufficientWidth(match.index));
      }
    }
  }

  #widen(lineStart: number, width: number): void {
    this.#widths.set(lineStart, Math.max(width, this.#widths.get(lineStart) ?? 0));
  }

  /** One column more than where the line before begins, its dashes and question marks skipped. */
  #sufficientWidth(lineStart: number): number {
    const previous = lineBefore(this.#source, lineStart);
    const begin = /^[ \t?-]*/.exec(previous.text)?.[0].length ?? 0;
    return begin + (this.#widths.get(previous.start) ?? 0) + 1;
  }

  #pad(): void {
    const pieces: string[] = [];
    this.#paddings = [];
    let from = 0;
    let total = 0;
    for (const [start, width] of [...this.#widths].sort(([one], [other]) => one - other)) {
      pieces.push(this.#source.slice(from, start), ' '.repeat(width));
      this.#paddings.push({ start: start + total, total: total + width });
      from = start;
      total += width;
    }
    this.text = pieces.join('') + this.#source.slice(from);
  }
}

/** The line before that is neither blank nor a comment. */
function lineBefore(text: string, lineStart: number): { start: number; text: string } {
  let end = lineStart;
  while (end > 0) {
    const start = end < 2 ? 0 : text.lastIndexOf('\n', end - 2) + 1;
    const line = text.slice(start, end);
    if (/^[ \t]*[^ \t\r\n#]/.test(line)) return { start, text: line };
    end = start;
  }
  return { start: 0, text: '' };
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length + 1 : newline + 1;
}

/** Where the innermost collection or scalar ends that is open at an offset, or the end of the text. */
function endOfEnclosure(text: string, from: number, enclosure: Enclosure): number {
  if (enclosure !== '[') return endOfQuoted(text, from, enclosure);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    const beginsToken = at === 0 || ' \t\r\n,[{:'.includes(text.charAt(at - 1));
    if ((character === '"' || character === "'") && beginsToken) at = endOfQuoted(text, at + 1, character);
    else if (character === '#' && beginsToken) at = endOfLine(text, at) - 1;
    else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && depth-- === 0) return at;
  }
  return text.length;
}

function endOfQuoted(text: string, from: number, quote: '"' | "'"): number {
  for (let at = from; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\' && quote === '"') at++;
    else if (character !== quote) continue;
    else if (quote === "'" && text.charAt(at + 1) === quote) at++;
    else return at;
  }
  return text.length;
}
