const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Of one item, and of all that stands around the items: more than the API server stores. */
const MOST_BYTES = 16 * 1024 * 1024;

/** How deep an item stands: in the list, in its `items`. */
const ITEM_DEPTH = 2;

/**
 * Reads the JSON of a Kubernetes list as it arrives, item by item, so that a list of thousands is never in memory as
 * a whole and never keeps the process from answering. The API server does not cut it into pages: where it may answer
 * from its own memory, it takes no notice of `limit`.
 */
export class ListReader {
  readonly #onItem: (item: unknown) => void;
  /** The list without its items, as far as it has come. */
  #frame = '';
  readonly #frameText = new TextDecoder();
  /** The beginning of an item whose end has not come yet. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;
  #inItems = false;
  #inText = false;
  #escaped = false;
  #depth = 0;

  constructor(onItem: (item: unknown) => void) {
    this.#onItem = onItem;
  }

  /** Takes the next bytes of the list, cut anywhere. Throws when an item is no JSON. */
  push(chunk: Uint8Array): void {
    let [depth, inText, escaped] = [this.#depth, this.#inText, this.#escaped];
    /** From here on, nothing is handed on yet. */
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at];
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) {
        inText = true;
      } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        if (depth === ITEM_DEPTH && this.#inItems) from = at;
        depth++;
        if (depth === ITEM_DEPTH && byte === OPEN_BRACKET) {
          this.#addToFrame(chunk.subarray(from, at + 1));
          from = at + 1;
          this.#inItems = /(?<!\\)"items"\s*:\s*\[$/.test(this.#frame);
        }
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        depth--;
        if (!this.#inItems || depth > ITEM_DEPTH) continue;
        if (depth === ITEM_DEPTH) this.#addItem(chunk.subarray(from, at + 1));
        else this.#inItems = false;
        from = depth === ITEM_DEPTH ? at + 1 : at;
      }
    }
    [this.#depth, this.#inText, this.#escaped] = [depth, inText, escaped];
    if (!this.#inItems) this.#addToFrame(chunk.subarray(from));
    else if (depth > ITEM_DEPTH) this.#begin(chunk.subarray(from));
  }

  /** The list, with no items in it. Throws when there is more to come. */
  end(): unknown {
    return JSON.parse(this.#frame);
  }

  #addToFrame(bytes: Uint8Array): void {
    this.#frame += this.#frameText.decode(bytes, { stream: true });
    if (this.#frame.length > MOST_BYTES) throw new RangeError('too much around the items');
  }

  #begin(bytes: Uint8Array): void {
    this.#begun.push(bytes);
    this.#begunBytes += bytes.length;
    if (this.#begunBytes > MOST_BYTES) throw new RangeError('too large an item');
  }

  #addItem(end: Uint8Array): void {
    const text = Buffer.concat([...this.#begun, end]).toString();
    this.#begun = [];
    this.#begunBytes = 0;
    this.#onItem(JSON.parse(text));
  }
}
