import { createRequire } from 'node:module';
import { DAY_OF_MONTH, DAY_OF_WEEK, HOUR, MINUTE, MONTH, parseField, quote } from './cron-grammar.ts';
import { parseGoDuration } from './go-duration.ts';

/**
 * The numbers each field allows, sorted and unique; any list may be empty. The star flags say that the field was
 * written with `*` or `?`, without a step above 1: only then does the other day field decide alone.
 */
export interface CronFields {
  minutes: number[];
  hours: number[];
  daysOfMonth: number[];
  months: number[];
  daysOfWeek: number[];
  dayOfMonthStar: boolean;
  dayOfWeekStar: boolean;
}

/** When a CronJob starts: at the minutes its five fields allow, or a fixed number of seconds after the last run. */
export type Schedule = { kind: 'fields'; fields: CronFields } | { kind: 'every'; seconds: number };

const DESCRIPTORS: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);

/** `@daily` → `0 0 * * *`; anything else stays as it is. */
export function inFields(schedule: string): string {
  return DESCRIPTORS.get(schedule) ?? schedule;
}

/** Go's unicode.IsSpace, which differs from `\s` in U+0085 and U+FEFF. */
const SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/;

/**
 * Reads a CronJob's `spec.schedule` as the API server accepts it on create: robfig/cron v3.0.1 ParseStandard, and
 * no time zone inside (k8s pkg/apis/batch/validation/validation.go). The error says what is wrong in a person's
 * words. Linear in the length of the text; never throws.
 */
export function parseSchedule(text: string): { ok: true; schedule: Schedule } | { ok: false; error: string } {
  const schedule = readSchedule(text);
  return typeof schedule === 'string' ? { ok: false, error: schedule } : { ok: true, schedule };
}

function readSchedule(text: string): Schedule | string {
  if (text.includes('TZ')) return 'the schedule names a time zone, which belongs in spec.timeZone';
  if (text.startsWith('@every ')) return readInterval(text.slice('@every '.length));
  const fields = inFields(text);
  if (fields.startsWith('@')) {
    return `${quote(text)} is none of ${[...DESCRIPTORS.keys()].join(', ')} or @every with a duration`;
  }
  return readFields(fields.split(SPACE).filter(field => field !== ''));
}

function readInterval(text: string): Schedule | string {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds === undefined) return `${quote(text)} is not a duration such as 30m or 1h30m`;
  return { kind: 'every', seconds: Math.max(1, Number(nanoseconds / 1_000_000_000n)) };
}

function readFields(texts: string[]): Schedule | string {
  if (texts.length !== 5) {
    const count =
      texts.length === 0 ? 'no fields' : texts.length === 1 ? '1 field' : `${texts.length} fields`;
    return `the schedule has ${count}, not the five of minute, hour, day of month, month and day of week`;
  }
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = texts;
  const minutes = parseField(minute, MINUTE);
  if (typeof minutes === 'string') return minutes;
  const hours = parseField(hour, HOUR);
  if (typeof hours === 'string') return hours;
  const daysOfMonth = parseField(dayOfMonth, DAY_OF_MONTH);
  if (typeof daysOfMonth === 'string') return daysOfMonth;
  const months = parseField(month, MONTH);
  if (typeof months === 'string') return months;
  const daysOfWeek = parseField(dayOfWeek, DAY_OF_WEEK);
  if (typeof daysOfWeek === 'string') return daysOfWeek;
  return {
    kind: 'fields',
    fields: {
      minutes: minutes.values,
      hours: hours.values,
      daysOfMonth: daysOfMonth.values,
      months: months.values,
      daysOfWeek: daysOfWeek.values,
      dayOfMonthStar: daysOfMonth.star,
      dayOfWeekStar: daysOfWeek.star,
    },
  };
}

const DAYS_IN_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const MINUTES_PER_DAY = 24 * 60;
const FOUR_YEARS = (4 * 365 + 1) * MINUTES_PER_DAY;

/** How often it starts a job: `44 jobs a day, 220 a week`, or `44 jobs on each day that it runs`. */
export function runsInWords(schedule: Schedule): string {
  const { perDay, perWeek } = runCounts(schedule);
  if (perWeek === undefined) return `${Math.round(perDay)} jobs on each day that it runs`;
  return `${Math.round(perDay)} jobs a day, ${Math.round(perWeek)} a week`;
}

/** Whether no date ever matches, as with 31 February or an empty field. 29 February does come. */
export function neverFires(schedule: Schedule): boolean {
  if (schedule.kind === 'every') return false;
  const { minutes, hours, months } = schedule.fields;
  if (minutes.length === 0 || hours.length === 0 || months.length === 0) return true;
  const { daysOfMonth, daysOfWeek } = decidingDays(schedule.fields);
  return daysOfMonth.length === 0 && daysOfWeek.length === 0;
}

/**
 * The day lists of which either one is enough for a day to match. A field with a star is full, and robfig/cron asks
 * for both fields when one has a star, so it leaves the decision to the other. Days beyond the longest allowed
 * month are left out.
 */
export function decidingDays(fields: CronFields): { daysOfMonth: number[]; daysOfWeek: number[] } {
  const longest = Math.max(0, ...fields.months.map(month => DAYS_IN_MONTH[month - 1] ?? 0));
  const daysOfMonth = fields.daysOfMonth.filter(day => day <= longest);
  if (fields.dayOfWeekStar) return { daysOfMonth, daysOfWeek: [] };
  return { daysOfMonth: fields.dayOfMonthStar ? [] : daysOfMonth, daysOfWeek: fields.daysOfWeek };
}

/**
 * Shortest time between two consecutive runs in minutes, a fraction for `@every`; undefined when the schedule never
 * fires, or at most once in four years (29 February). Reckoned from the fields with no clock: the zone and its
 * changes to summer time are left out.
 */
export function smallestGapMinutes(schedule: Schedule): number | undefined {
  if (neverFires(schedule)) return undefined;
  const gap = schedule.kind === 'every' ? schedule.seconds / 60 : gapOfFields(schedule.fields);
  return gap < FOUR_YEARS ? gap : undefined;
}

function gapOfFields(fields: CronFields): number {
  const { minutes, hours } = fields;
  const withinHour = smallestStep(minutes);
  const betweenHours = smallestStep(hours) * 60 - spread(minutes);
  const withinDay = Math.min(withinHour, betweenHours);
  const lastToFirst = spread(hours) * 60 + spread(minutes);
  // Two days in a row are the closest that days can be.
  if (withinDay <= MINUTES_PER_DAY - lastToFirst) return withinDay;
  return Math.min(withinDay, smallestStepOfDays(fields) * MINUTES_PER_DAY - lastToFirst);
}

function spread(sorted: number[]): number {
  return (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
}

function smallestStep(sorted: number[]): number {
  let smallest = Number.POSITIVE_INFINITY;
  sorted.forEach((value, index) => {
    const previous = sorted[index - 1];
    if (previous !== undefined) smallest = Math.min(smallest, value - previous);
  });
  return smallest;
}

/**
 * Days between the closest two days that match. Weekdays alone repeat every week, and dates alone every four years, of
 * which nine hold every turn of the year; together they take 28 years, in which every date falls on every weekday.
 */
function smallestStepOfDays(fields: CronFields): number {
  const { daysOfMonth, daysOfWeek } = decidingDays(fields);
  if (daysOfMonth.length === 0 && fields.months.length === 12)
    return smallestStep([...daysOfWeek, (daysOfWeek[0] ?? 0) + 7]);
  const years = daysOfWeek.length === 0 ? 9 : 28;
  let smallest = Number.POSITIVE_INFINITY;
  let previous = Number.NEGATIVE_INFINITY;
  let today = 0;
  for (let year = 0; year < years; year++) {
    for (let month = 1; month <= 12; month++) {
      const length = month === 2 && year % 4 > 0 ? 28 : (DAYS_IN_MONTH[month - 1] ?? 0);
      const last = fields.months.includes(month) ? length : 0;
      for (let day = 1; day <= last; day++) {
        if (!daysOfMonth.includes(day) && !daysOfWeek.includes((today + day) % 7)) continue;
        smallest = Math.min(smallest, today + day - previous);
        if (smallest === 1) return 1;
        previous = today + day;
      }
      today += length;
    }
  }
  return smallest;
}

/**
 * Starts on a day on which the schedule runs, and in a week; `perWeek` is undefined when day of month or month
 * restrict the days, so that weeks differ. For `@every` both are averages and may be fractions. Changes to summer
 * time are left out.
 */
export function runCounts(schedule: Schedule): { perDay: number; perWeek: number | undefined } {
  if (schedule.kind === 'every') {
    const perDay = (MINUTES_PER_DAY * 60) / schedule.seconds;
    return { perDay, perWeek: perDay * 7 };
  }
  if (neverFires(schedule)) return { perDay: 0, perWeek: 0 };
  const { minutes, hours, months } = schedule.fields;
  const perDay = minutes.length * hours.length;
  const { daysOfMonth, daysOfWeek } = decidingDays(schedule.fields);
  const everyDay = daysOfMonth.length === 31 || daysOfWeek.length === 7;
  if (months.length < 12 || (daysOfMonth.length > 0 && !everyDay)) return { perDay, perWeek: undefined };
  return { perDay, perWeek: perDay * (everyDay ? 7 : daysOfWeek.length) };
}

const require = createRequire(import.meta.url);

/**
 * At most `count` next runs after `after`, reading the schedule in UTC. Fewer when the next one is not within the
 * five calendar years that follow, where robfig/cron v3.0.1 spec.go gives up. Throws RangeError for an invalid date.
 */
export function nextRuns(schedule: Schedule, after: Date, count: number): Date[] {
  const start = Math.floor(after.getTime() / 1000) * 1000;
  if (Number.isNaN(start)) throw new RangeError('the time to start after is no valid date');
  if (count < 1 || neverFires(schedule)) return [];
  if (schedule.kind === 'every') {
    return Array.from({ length: count }, (_, run) => new Date(start + (run + 1) * schedule.seconds * 1000));
  }
  // Loaded on use: it brings a date library that costs as much as starting Node.
  const { CronExpressionParser } = require('cron-parser') as typeof import('cron-parser');
  const options = { currentDate: new Date(start), tz: 'UTC' };
  const expression = CronExpressionParser.parse(canonicalText(schedule.fields), options);
  const runs: Date[] = [];
  let lastYear = new Date(start + 1000).getUTCFullYear() + 5;
  for (const run of expression.take(count)) {
    const date = run.toDate();
    if (date.getUTCFullYear() > lastYear) break;
    runs.push(date);
    lastYear = new Date(date.getTime() + 1000).getUTCFullYear() + 5;
  }
  return runs;
}

/** Explicit lists, which cron-parser reads as Kubernetes does; a star only where the other day field decides. */
function canonicalText(fields: CronFields): string {
  const { daysOfMonth, daysOfWeek } = decidingDays(fields);
  const lists = [fields.minutes, fields.hours, daysOfMonth, fields.months, daysOfWeek];
  return lists.map(list => (list.length === 0 ? '*' : list.join(','))).join(' ');
}
