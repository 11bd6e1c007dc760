import { type CronFields, decidingDays, type Schedule } from './cron.ts';

const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MINUTES_PER_DAY = 24 * 60;

/**
 * The minutes of a week, from Sunday 00:00, at which it starts in every week of the year. None for `@every`, which counts
 * from the last run, and for what is bound to days of the month or to months.
 */
export function* weeklyMinutes(schedule: Schedule): Generator<number> {
  if (schedule.kind === 'every') return;
  const { hours, minutes } = schedule.fields;
  for (const day of weeklyDays(schedule.fields))
    for (const hour of hours) for (const minute of minutes) yield day * MINUTES_PER_DAY + hour * 60 + minute;
}

function weeklyDays(fields: CronFields): readonly number[] {
  if (fields.months.length < 12) return [];
  const { daysOfMonth, daysOfWeek } = decidingDays(fields);
  if (daysOfMonth.length === 31) return EVERY_DAY;
  return daysOfMonth.length > 0 ? [] : daysOfWeek;
}

/** Schedules that start in the same minute of the week. */
export interface Herd {
  /** Their places in the list, in its order. */
  members: number[];
  /** `02:00`, or `02:00 on Sunday` where so many do not meet every day. */
  when: string;
}

/** Where more than `most` of the schedules start in one minute of the week: of each first one its largest herd. */
export function herdsAmong(schedules: readonly Schedule[], most: number): Herd[] {
  const counts = new Uint32Array(DAYS.length * MINUTES_PER_DAY);
  const first: number[] = [];
  for (const [index, schedule] of schedules.entries()) {
    for (const minute of weeklyMinutes(schedule)) {
      first[minute] ??= index;
      counts[minute] = countOf(minute) + 1;
    }
  }
  const largest = new Map<number, number>();
  for (const [minute, count] of counts.entries()) {
    const leader = first[minute];
    if (leader === undefined || count <= most) continue;
    const best = largest.get(leader);
    if (best === undefined || count > countOf(best)) largest.set(leader, minute);
  }
  return [...largest.values()].map(minute => ({
    members: [...schedules.keys()].filter(index => startsIn(minute, schedules[index])),
    when: isDaily(minute)
      ? timeOf(minute)
      : `${timeOf(minute)} on ${DAYS[Math.floor(minute / MINUTES_PER_DAY)]}`,
  }));

  function countOf(minute: number): number {
    return counts[minute] ?? 0;
  }

  function isDaily(minute: number): boolean {
    const ofDay = minute % MINUTES_PER_DAY;
    return EVERY_DAY.every(day => countOf(day * MINUTES_PER_DAY + ofDay) === countOf(minute));
  }
}

function startsIn(minute: number, schedule: Schedule | undefined): boolean {
  if (schedule?.kind !== 'fields') return false;
  const { fields } = schedule;
  const ofDay = minute % MINUTES_PER_DAY;
  return (
    weeklyDays(fields).includes(Math.floor(minute / MINUTES_PER_DAY)) &&
    fields.hours.includes(Math.floor(ofDay / 60)) &&
    fields.minutes.includes(ofDay % 60)
  );
}

/** `1500` → `01:00` */
function timeOf(minute: number): string {
  const ofDay = minute % MINUTES_PER_DAY;
  return [Math.floor(ofDay / 60), ofDay % 60].map(part => String(part).padStart(2, '0')).join(':');
}
