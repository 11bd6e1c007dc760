import fc from 'fast-check';

/** One thing that is done to a JSON value; `where` counts its parts, and begins again behind the last. */
export interface Mutation {
  how: 'drop' | 'duplicate' | 'transplant' | 'replace' | 'rename' | 'multiply' | 'nest';
  where: number;
  with: unknown;
  size: number;
}

/** Names that every JavaScript object has, and that no object of Kubernetes may be given another meaning by. */
export const INHERITED = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__defineGetter__',
] as const;

/** As they stand in JSON. */
export const NUMBERS = [
  '9223372036854775807',
  '-9223372036854775808',
  '9007199254740993',
  '1e400',
  '-1e400',
  '1e-400',
  '-0',
  '0',
  '-1',
  '0.5',
  '1e308',
] as const;

export const QUANTITIES = [
  '1e3',
  '1Ei',
  '0',
  '-1',
  '.5',
  '1e999999',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '٣Gi',
  '1 Gi',
  '',
] as const;

/** Look-alikes, what is not seen, what turns the line round, halves of characters, controls. */
export const TEXTS = [
  'ｗｅｂ',
  'wеb',
  'we\u200bb',
  '\u202egpj.exe',
  '\u2066web\u2069',
  '\ud800',
  'web\udfff',
  'A\u0301\u0301\u0301\u0301',
  '\u0000',
  '\u001b[2J\u001b]0;owned\u0007',
  'web\r\nError: all is well',
  '\u2028\u2029',
  '%s%n$(jndi){{ .Values }}',
  '../../etc/passwd',
] as const;

const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  [],
  {},
  [null],
  [[]],
  'text',
  ...INHERITED,
  ...QUANTITIES,
  ...TEXTS,
  ...NUMBERS.map(Number).filter(Number.isFinite),
  { toString: 1, valueOf: 1 },
  { length: 1e9 },
  Object.fromEntries(INHERITED.map(name => [name, { polluted: 1 }])),
];

const HOW = ['drop', 'duplicate', 'transplant', 'replace', 'replace', 'rename', 'multiply', 'nest'] as const;

/** Between one and four mutations. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record({
    how: fc.constantFrom(...HOW),
    where: fc.nat(100_000),
    with: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...VALUES) },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
    ),
    size: fc.nat(1_000),
  }),
  { minLength: 1, maxLength: 4 },
);

/** The value after the mutations; the value given is left as it is. */
export function mutated(value: unknown, done: readonly Mutation[]): unknown {
  const root = { value: structuredClone(value) };
  for (const mutation of done) mutate(root, mutation);
  return root.value;
}

interface Part {
  holder: object;
  key: string;
}

function mutate(root: object, { how, where, with: other, size }: Mutation): void {
  const all = parts(root);
  const at = all[where % all.length];
  if (!at) return;
  const { holder, key } = at;
  const value = Reflect.get(holder, key) as unknown;
  if (how === 'drop') {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete (holder as Record<string, unknown>)[key];
  } else if (how === 'duplicate') {
    if (Array.isArray(holder)) holder.splice(Number(key), 0, structuredClone(value));
    else put(holder, `${key}${size % 3}`, structuredClone(value));
  } else if (how === 'transplant') {
    const target = all[(where + size) % all.length] ?? at;
    put(target.holder, target.key, structuredClone(value));
  } else if (how === 'replace') {
    put(holder, key, structuredClone(other));
  } else if (how === 'rename') {
    if (Array.isArray(holder)) return;
    delete (holder as Record<string, unknown>)[key];
    put(holder, typeof other === 'string' ? other : key.toUpperCase(), value);
  } else if (how === 'multiply') {
    put(holder, key, many(value, size));
  } else {
    put(holder, key, nested(value, size % 300, typeof other === 'string' ? other : undefined));
  }
}

/** Every part of a value but the value itself: what holds it, and under which key. */
function parts(root: object): Part[] {
  const found: Part[] = [];
  const open = [root];
  for (let holder = open.pop(); holder; holder = open.pop()) {
    for (const [key, inner] of Object.entries(holder)) {
      found.push({ holder, key });
      if (typeof inner === 'object' && inner !== null) open.push(inner);
    }
  }
  return found;
}

/** As JSON.parse does: `__proto__` becomes a key like any other. */
function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Of all that one mutation adds, in characters of JSON. */
const MOST_CHARACTERS = 200_000;

function many(value: unknown, size: number): unknown {
  if (typeof value === 'string') return (value || ' ').slice(0, 1_000).repeat(size).slice(0, 100_000);
  if (typeof value === 'number') return value * 10 ** (size % 300);
  const times = Math.min(size, Math.floor(MOST_CHARACTERS / JSON.stringify(value).length));
  const copies = Array.from({ length: times }, () => structuredClone(value));
  return Array.isArray(value) ? copies.flat() : copies;
}

function nested(value: unknown, size: number, key: string | undefined): unknown {
  let inner = value;
  for (let depth = 0; depth < size; depth++) {
    if (key === undefined) {
      inner = [inner];
    } else {
      const outer = {};
      put(outer, key, inner);
      inner = outer;
    }
  }
  return inner;
}
