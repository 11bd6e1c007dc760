import {
  type AliasEvent,
  EVENT_ID,
  type Event,
  getScalarValue,
  type MappingEvent,
  SCALAR_STYLE,
  type ScalarEvent,
  type SequenceEvent,
} from 'js-yaml';
import { YamlFault } from './yaml-events.ts';
import { keyText, resolvePlain, resolveTagged, type Scalar } from './yaml-scalar.ts';

/**
 * The value of a document as plain JSON, by the rules of go-yaml v2 (go.yaml.in/yaml/v2 decode.go) and of
 * sigs.k8s.io/yaml after it: of equal keys the last one holds, `<<` writes its keys where it stands, tags of
 * collections say nothing, keys become strings. What an alias repeats is shared, not copied.
 *
 * @throws YamlFault
 */
export function construct(source: string, events: readonly Event[]): unknown {
  const builder = new Builder(source);
  for (const event of events) {
    if (event.type === EVENT_ID.SCALAR) builder.scalar(event);
    else if (event.type === EVENT_ID.ALIAS) builder.alias(event);
    else if (event.type === EVENT_ID.POP) builder.close();
    else if (event.type !== EVENT_ID.DOCUMENT) builder.open(event);
  }
  return builder.result;
}

/** The value of a scalar whose text is known. */
export function readScalar(source: string, event: ScalarEvent, text: string): Scalar {
  if (event.tagStart < 0) return event.style === SCALAR_STYLE.PLAIN ? resolvePlain(text) : text;
  const tag = source.slice(event.tagStart, event.tagEnd);
  const value = resolveTagged(tag, text);
  if (value === undefined) throw new YamlFault(`${quoted(text)} is no ${tag}`, event.tagStart);
  return value;
}

/** `<<`, plain or tagged as such, takes over the keys of other mappings. */
export function isMergeKey(source: string, event: ScalarEvent, text: string): boolean {
  if (text !== '<<') return false;
  if (event.tagStart < 0) return event.style === SCALAR_STYLE.PLAIN;
  return /^(?:!!|!<tag:yaml\.org,2002:)merge>?$/.test(source.slice(event.tagStart, event.tagEnd));
}

type Mapping = Record<string, unknown>;

interface Anchor {
  value: unknown;
  /** What a scalar is called as a key. */
  key: string | undefined;
  /** Nodes decoded for the value, those behind its own aliases included. */
  size: number;
  /** The value is still being built: an alias to it would contain itself. */
  open: boolean;
}

interface Frame {
  mapping: Mapping | undefined;
  list: unknown[];
  key: string | undefined;
  /** Where the `<<` stands whose value comes next. */
  mergeAt: number | undefined;
  anchor: Anchor | undefined;
}

class Builder {
  result: unknown = null;
  readonly #source: string;
  readonly #frames: Frame[] = [];
  readonly #anchors = new Map<string, Anchor>();
  #top: Frame | undefined;
  #decoded = 1;
  #aliased = 0;

  constructor(source: string) {
    this.#source = source;
  }

  scalar(event: ScalarEvent): void {
    const source = this.#source;
    const text = getScalarValue(source, event);
    const keyless = awaitingKey(this.#top);
    if (keyless && isMergeKey(source, event, text)) {
      keyless.mergeAt = event.valueStart;
      return;
    }
    this.#count(1, 0, event.valueStart);
    const value = readScalar(source, event, text);
    if (event.anchorStart >= 0) this.#anchor(event, value, keyText(text, value));
    if (keyless) {
      keyless.key = keyText(text, value);
      if (keyless.key === undefined)
        throw new YamlFault('null cannot be a key', Math.max(event.valueStart, 0));
    } else {
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw new YamlFault(`${text} cannot be written as JSON`, event.valueStart);
      }
      this.#add(value);
    }
  }

  alias(event: AliasEvent): void {
    const at = event.anchorStart - 1;
    const name = this.#source.slice(event.anchorStart, event.anchorEnd);
    const anchor = this.#anchors.get(name);
    if (!anchor) throw new YamlFault(`unknown anchor ${quoted(name)}`, at);
    if (anchor.open) throw new YamlFault(`anchor ${quoted(name)} contains itself`, at);
    this.#count(1 + anchor.size, anchor.size, at);
    const keyless = awaitingKey(this.#top);
    if (keyless) {
      keyless.key = anchor.key;
      if (anchor.key === undefined) throw new YamlFault('only a string, number or boolean can be a key', at);
    } else {
      if (this.#top?.mergeAt !== undefined && Array.isArray(anchor.value)) throw notMergeable(at);
      this.#add(anchor.value);
    }
  }

  open(event: MappingEvent | SequenceEvent): void {
    const isMapping = event.type === EVENT_ID.MAPPING;
    if (awaitingKey(this.#top)) {
      const isTemplate = isMapping && this.#source.startsWith('{{', event.start - 1);
      const kind = isMapping ? 'mapping' : 'list';
      const message = isTemplate
        ? '{{ is a template, not YAML: render it first'
        : `a ${kind} cannot be a key`;
      throw new YamlFault(message, isTemplate ? event.start - 1 : event.start);
    }
    this.#count(1, 0, event.start);
    const list: unknown[] = [];
    const mapping: Mapping | undefined = isMapping ? {} : undefined;
    const anchor = event.anchorStart >= 0 ? this.#anchor(event, mapping ?? list, undefined) : undefined;
    if (anchor) {
      anchor.open = true;
      anchor.size -= this.#decoded;
    }
    this.#top = { mapping, list, key: undefined, mergeAt: undefined, anchor };
    this.#frames.push(this.#top);
  }

  close(): void {
    const closed = this.#frames.pop();
    if (!closed) return;
    this.#top = this.#frames.at(-1);
    if (closed.anchor) {
      closed.anchor.open = false;
      closed.anchor.size += this.#decoded;
    }
    this.#add(closed.mapping ?? closed.list);
  }

  #add(value: unknown): void {
    const top = this.#top;
    if (!top) this.result = value;
    else if (!top.mapping) top.list.push(value);
    else if (top.mergeAt !== undefined) {
      merge(top.mapping, value, top.mergeAt);
      top.mergeAt = undefined;
    } else if (top.key !== undefined) {
      put(top.mapping, top.key, value);
      top.key = undefined;
    }
  }

  #anchor(
    event: { anchorStart: number; anchorEnd: number },
    value: unknown,
    key: string | undefined,
  ): Anchor {
    const anchor = { value, key, size: 1, open: false };
    this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), anchor);
    return anchor;
  }

  /** Refuses what go-yaml refuses: a document that grows out of proportion by its aliases (decode.go). */
  #count(decoded: number, aliased: number, at: number): void {
    this.#decoded += decoded;
    this.#aliased += aliased;
    if (this.#aliased <= 100 || this.#decoded <= 1000) return;
    const growth = Math.min(Math.max((this.#decoded - 400_000) / 3_600_000, 0), 1);
    if (this.#aliased / this.#decoded > 0.99 - 0.89 * growth) {
      throw new YamlFault('the document contains too many aliases', Math.max(at, 0));
    }
  }
}

/** Text of a document for a message: its beginning, on one line. */
function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40));
}

function awaitingKey(frame: Frame | undefined): Frame | undefined {
  return frame?.mapping && frame.key === undefined && frame.mergeAt === undefined ? frame : undefined;
}

function merge(target: Mapping, value: unknown, at: number): void {
  const sources: unknown[] = Array.isArray(value) ? value.toReversed() : [value];
  for (const source of sources) {
    if (typeof source !== 'object' || source === null || Array.isArray(source)) throw notMergeable(at);
    for (const [key, inherited] of Object.entries(source)) put(target, key, inherited);
  }
}

function notMergeable(at: number): YamlFault {
  return new YamlFault('<< takes over a mapping or a list of mappings', at);
}

function put(mapping: Mapping, key: string, value: unknown): void {
  if (key !== '__proto__') mapping[key] = value;
  else Object.defineProperty(mapping, key, { value, enumerable: true, configurable: true, writable: true });
}
