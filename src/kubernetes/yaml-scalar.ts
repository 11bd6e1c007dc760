/** What a scalar can be once it is JSON. `NaN` and the infinities are among the numbers; JSON has no word for them. */
export type Scalar = string | number | boolean | null;

const WORDS = new Map<string, Scalar>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    word => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    word => [word, false] as const,
  ),
  ...['~', 'null', 'Null', 'NULL'].map(word => [word, null] as const),
]);
const SPECIAL_NUMBERS = new Map([
  ...['.nan', '.NaN', '.NAN'].map(word => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(word => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map(word => [word, -Infinity] as const),
]);
const FIRST_OF_WORDS = new Set([...WORDS.keys()].map(word => word.charCodeAt(0)));
const LONGEST_WORD = 5;

/**
 * The value of a plain scalar without a tag, as go-yaml v2 resolves it (go.yaml.in/yaml/v2 resolve.go): YAML
 * 1.1 without numbers to the base 60, and with what looks like a date left as text.
 */
export function resolvePlain(text: string): Scalar {
  if (text === '') return null;
  const first = text.charCodeAt(0);
  if (FIRST_OF_WORDS.has(first)) {
    const word = text.length <= LONGEST_WORD ? WORDS.get(text) : undefined;
    return word === undefined ? text : word;
  }
  const mayBeNumber = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  return mayBeNumber ? resolveNumber(text) : text;
}

function resolveNumber(text: string): number | string {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  const special = SPECIAL_NUMBERS.get(text);
  if (special !== undefined) return special;
  const digits = text.replaceAll('_', '');
  const integer = readInteger(digits);
  if (integer !== undefined) return Number(integer);
  const isFloat = text.startsWith('.')
    ? /^\.\d+(?:_\d+)*(?:[eE][-+]?\d+(?:_\d+)*)?$/.test(text)
    : /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits);
  return isFloat && Number.isFinite(Number(digits)) ? Number(digits) : text;
}

/** More digits than 64 bits have, however written; spares the work on numbers of a million digits. */
const TOO_LONG = 100;

/** An integer as Go's strconv.ParseInt and ParseUint read it with base 0, in 64 bits; underscores taken out before. */
function readInteger(digits: string): bigint | undefined {
  if (digits.length > TOO_LONG) return undefined;
  const match = /^([-+]?)(?:(0[xX][\da-fA-F]+|0[bB][01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(digits);
  if (!match) return undefined;
  const [, sign, prefixed, octal, decimal] = match;
  const size = BigInt(prefixed ?? (octal === undefined ? (decimal ?? '') : `0o${octal}`));
  if (size >= 1n << (sign === '' ? 64n : 63n) && !(sign === '-' && size === 1n << 63n)) return undefined;
  return sign === '-' ? -size : size;
}

/**
 * The value of a scalar with a tag such as `!!int`, written short or in full; undefined when the text is not
 * of that type. A tag that go-yaml does not know says nothing: the value is the text.
 */
export function resolveTagged(tag: string, text: string): Scalar | undefined {
  const type = /^(?:!!|!<tag:yaml\.org,2002:)(\w+)>?$/.exec(tag)?.[1];
  if (type === 'binary') return decodeBase64(text);
  if (type === 'timestamp')
    return /^\d{4}-\d\d?-\d\d?(?:[Tt ][\d:.]+(?:Z|[-+]\d\d:\d\d)?)?$/.test(text) ? text : undefined;
  if (type !== 'bool' && type !== 'int' && type !== 'float' && type !== 'null') return text;
  const value = resolvePlain(text);
  return typeName(text, value) === type || (type === 'float' && typeof value === 'number')
    ? value
    : undefined;
}

function typeName(text: string, value: Scalar): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'str';
  return readInteger(text.replaceAll('_', '')) === undefined ? 'float' : 'int';
}

function decodeBase64(text: string): string | undefined {
  const packed = text.replace(/[\r\n]/g, '');
  const valid = packed.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(packed);
  return valid ? Buffer.from(packed, 'base64').toString('utf8') : undefined;
}

/**
 * The JSON key for a YAML key, as sigs.k8s.io/yaml writes it: `on:` is "true", `0x10:` is "16"; undefined for
 * null, which it refuses.
 */
export function keyText(text: string, value: Scalar): string | undefined {
  if (typeof value === 'string') return value;
  if (value === null) return undefined;
  if (typeof value === 'boolean') return String(value);
  return readInteger(text.replaceAll('_', ''))?.toString() ?? floatText(value);
}

/** A number in the fewest digits that single precision needs: Go's strconv.FormatFloat(number, 'g', -1, 32). */
function floatText(number: number): string {
  const single = Math.fround(number);
  if (Number.isNaN(single)) return '.nan';
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  let precision = 0;
  while (Math.fround(Number(single.toExponential(precision))) !== single) precision++;
  const [mantissa = '', exponent = ''] = single.toExponential(precision).split('e');
  const size = Number(exponent);
  if (size >= -4 && size < 6)
    return Object.is(single, -0) ? '-0' : single.toFixed(Math.max(precision - size, 0));
  return `${mantissa}e${size < 0 ? '-' : '+'}${String(Math.abs(size)).padStart(2, '0')}`;
}
