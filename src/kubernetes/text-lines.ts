/** A place in a text as editors count: from 1, the column in UTF-16 code units. */
export interface Position {
  line: number;
  column: number;
}

/** The lines of a text, which end with `\n` or `\r\n`; a byte order mark does not count as a column. */
export class TextLines {
  readonly #text: string;
  #starts: number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The position of an offset; offsets outside the text count as its ends. */
  positionAt(offset: number): Position {
    const starts = this.#lineStarts();
    const inside = Math.min(Math.max(offset, starts[0] ?? 0), this.#text.length);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= inside) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: inside - (starts[low] ?? 0) + 1 };
  }

  /** The text of a line without its line break; empty where there is no such line. */
  lineText(line: number): string {
    const starts = this.#lineStarts();
    const start = starts[line - 1];
    if (start === undefined) return '';
    return this.#text.slice(start, starts[line] ?? this.#text.length).replace(/\r?\n$/, '');
  }

  #lineStarts(): readonly number[] {
    if (this.#starts) return this.#starts;
    const starts = [this.#text.startsWith('\uFEFF') ? 1 : 0];
    for (let at = this.#text.indexOf('\n'); at >= 0; at = this.#text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.#starts = starts;
    return starts;
  }
}
