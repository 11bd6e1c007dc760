/** One of the five fields of a schedule: the numbers it takes, and names that stand for them from `min` up. */
export interface CronFieldKind {
  name: string;
  min: number;
  max: number;
  names: readonly string[];
}

const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

export const MINUTE: CronFieldKind = { name: 'minute', min: 0, max: 59, names: [] };
export const HOUR: CronFieldKind = { name: 'hour', min: 0, max: 23, names: [] };
export const DAY_OF_MONTH: CronFieldKind = { name: 'day of month', min: 1, max: 31, names: [] };
export const MONTH: CronFieldKind = { name: 'month', min: 1, max: 12, names: MONTH_NAMES };
export const DAY_OF_WEEK: CronFieldKind = { name: 'day of week', min: 0, max: 6, names: WEEKDAY_NAMES };

/** The numbers a field allows, sorted and unique. `star` is kept by `*`, `?` and a step of 1 on them. */
export interface CronField {
  values: number[];
  star: boolean;
}

/**
 * Reads one field as robfig/cron v3.0.1 parser.go does; a string says what is wrong with it. Empty list elements
 * count for nothing, so `,` is a legal field that never matches. Linear in the length of the text.
 */
export function parseField(text: string, kind: CronFieldKind): CronField | string {
  const allowed = new Uint8Array(kind.max + 1);
  let star = false;
  for (const element of text.split(',')) {
    if (element === '') continue;
    const range = parseRange(element, kind);
    if (typeof range === 'string') return range;
    for (let value = range.first; value <= range.last; value += range.step) allowed[value] = 1;
    star ||= range.star;
  }
  const values: number[] = [];
  allowed.forEach((isAllowed, value) => {
    if (isAllowed === 1) values.push(value);
  });
  return { values, star };
}

interface Range {
  first: number;
  last: number;
  step: number;
  star: boolean;
}

function parseRange(element: string, kind: CronFieldKind): Range | string {
  const [bounds = '', stepText, ...moreSteps] = element.split('/');
  if (moreSteps.length > 0) return `${kind.name} ${quote(element)} has more than one slash`;
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (step === undefined || step === 0) {
    return `${kind.name} ${quote(element)} has a step that is not a whole number from 1 up`;
  }

  const [low = '', high, ...moreBounds] = bounds.split('-');
  // What follows a star up to the slash is ignored: `*-5` is `*`.
  if (low === '*' || low === '?') return { first: kind.min, last: kind.max, step, star: step === 1 };

  if (moreBounds.length > 0) return `${kind.name} ${quote(element)} has more than one hyphen`;
  const first = parseValue(low, kind);
  if (first === undefined) return notAValue(low, kind);
  let last = first;
  if (high !== undefined) {
    const end = parseValue(high, kind);
    if (end === undefined) return notAValue(high, kind);
    last = end;
  } else if (stepText !== undefined && first <= kind.max) {
    last = kind.max;
  }

  if (first < kind.min) return `${kind.name} ${quote(low)} is below ${kind.min}`;
  if (last > kind.max)
    return `${kind.name} ${quote(high ?? low)} is above ${kind.max}${sundayHint(last, kind)}`;
  if (first > last) return `${kind.name} ${quote(bounds)} ends before it begins`;
  return { first, last, step, star: false };
}

function parseValue(text: string, kind: CronFieldKind): number | undefined {
  // Go lowers the dotted capital I to a plain i, JavaScript to two characters.
  const named = text.length > 3 ? -1 : kind.names.indexOf(text.replaceAll('\u0130', 'i').toLowerCase());
  return named === -1 ? parseNumber(text) : kind.min + named;
}

const LARGEST_INT = '9223372036854775807';

/** A number from 0 up as Go's strconv.Atoi reads it on 64 bits, with any sign and leading zeros. */
function parseNumber(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const digits = text.replace(/^[+-]?0*/, '');
  if (digits === '') return 0;
  if (text.startsWith('-') || digits.length > LARGEST_INT.length) return undefined;
  if (digits.length === LARGEST_INT.length && digits > LARGEST_INT) return undefined;
  return Number(digits);
}

function notAValue(text: string, kind: CronFieldKind): string {
  if (/^\d*[LWH]$|#/i.test(text)) {
    return `${kind.name} ${quote(text)} is not a number (Kubernetes has no L, W, # or H)`;
  }
  const names = kind.names.length === 0 ? '' : `, nor one of ${kind.names.join(' ')}`;
  return `${kind.name} ${quote(text)} is not a whole number from ${kind.min} to ${kind.max}${names}`;
}

function sundayHint(value: number, kind: CronFieldKind): string {
  return kind === DAY_OF_WEEK && value === 7 ? ' (Kubernetes counts Sunday as 0)' : '';
}

/** The text in double quotes with control characters escaped, cut to a length a person reads. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
