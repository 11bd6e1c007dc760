import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type CronFields,
  parseSchedule,
  runCounts,
  type Schedule,
  smallestGapMinutes,
} from '../../src/kubernetes/cron.ts';

function schedule(text: string): Schedule {
  const parsed = parseSchedule(text);
  if (!parsed.ok) assert.fail(`${JSON.stringify(text)} is refused: ${parsed.error}`);
  return parsed.schedule;
}

describe('the smallest gap', () => {
  const gap = (text: string) => smallestGapMinutes(schedule(text));

  it('is the one within the hour or between hours of a day', () => {
    assert.equal(gap('*/15 9-19 * * Mon-Fri'), 15);
    assert.equal(gap('7 8-18 * * Mon-Fri'), 60);
    assert.equal(gap('0,59 3,4 * * *'), 1);
    assert.equal(gap('@every 90s'), 1.5);
  });

  it('reaches over midnight only when two days in a row can run', () => {
    assert.equal(gap('0 0,23 * * *'), 60);
    assert.equal(gap('0 0,23 * * 1,2'), 60);
    assert.equal(gap('0 0,23 * * 1,3'), 1380);
    assert.equal(gap('30 23 * * 1,3'), 2 * 1440);
  });

  it('knows short months, leap years and the turn of the year', () => {
    assert.equal(gap('0 0 1 * *'), 28 * 1440);
    assert.equal(gap('0 0 28,1 2,3 *'), 1440);
    assert.equal(gap('0 0 29,1 2,3 *'), 1440);
    assert.equal(gap('0 0 31,1 1,12 *'), 1440);
    assert.equal(gap('0 0 1 1 *'), 365 * 1440);
    assert.equal(gap('0 0 29 2 *'), undefined);
    assert.equal(gap('0 0 29 2 1'), 1440);
    assert.equal(gap('0 0 * * 0'), 7 * 1440);
    assert.equal(gap('0 0 * 2 0'), 7 * 1440);
  });

  it('equals a walk through every minute of every day', () => {
    const list = (min: number, max: number) =>
      fc.uniqueArray(fc.integer({ min, max }), { minLength: 1, maxLength: 3 }).map(values => values.join());
    const day = (min: number, max: number) => fc.oneof(fc.constant('*'), list(min, max));
    fc.assert(
      fc.property(list(0, 59), list(0, 23), day(1, 31), day(1, 12), day(0, 6), (...texts) => {
        const parsed = schedule(texts.join(' '));
        assert.equal(parsed.kind, 'fields');
        assert.equal(smallestGapMinutes(parsed), walkedGap(parsed.fields));
      }),
      { numRuns: 60 },
    );
  });
});

/** The gap as a naive reader of the calendar finds it: each day of 28 years, then each hour and minute. */
function walkedGap(fields: CronFields): number | undefined {
  let gap = Number.POSITIVE_INFINITY;
  let previous = Number.NEGATIVE_INFINITY;
  for (let day = Date.UTC(2000, 0, 1); day < Date.UTC(2028, 0, 1); day += 86_400_000) {
    const date = new Date(day);
    const byMonth = fields.daysOfMonth.includes(date.getUTCDate());
    const byWeek = fields.daysOfWeek.includes(date.getUTCDay());
    const star = fields.dayOfMonthStar || fields.dayOfWeekStar;
    if (!fields.months.includes(date.getUTCMonth() + 1) || !(star ? byMonth && byWeek : byMonth || byWeek)) {
      continue;
    }
    for (const hour of fields.hours) {
      for (const minute of fields.minutes) {
        const run = day / 60_000 + hour * 60 + minute;
        gap = Math.min(gap, run - previous);
        previous = run;
      }
    }
  }
  return gap < 1461 * 1440 ? gap : undefined;
}

describe('the number of runs', () => {
  const counts = (text: string) => runCounts(schedule(text));

  it('is counted per day and per week', () => {
    assert.deepEqual(counts('*/15 9-19 * * Mon-Fri'), { perDay: 44, perWeek: 220 });
    assert.deepEqual(counts('7 8-18 * * Mon-Fri'), { perDay: 11, perWeek: 55 });
    assert.deepEqual(counts('* * * * *'), { perDay: 1440, perWeek: 10080 });
    assert.deepEqual(counts('@every 90m'), { perDay: 16, perWeek: 112 });
  });

  it('has no week when day of month or month restrict the days', () => {
    assert.deepEqual(counts('0 0 1 * *'), { perDay: 1, perWeek: undefined });
    assert.deepEqual(counts('0 0 1 * 1'), { perDay: 1, perWeek: undefined });
    assert.deepEqual(counts('0 0 * 6 *'), { perDay: 1, perWeek: undefined });
  });

  it('knows that a full list of days restricts nothing', () => {
    assert.deepEqual(counts('0 0 1-31 * *'), { perDay: 1, perWeek: 7 });
    assert.deepEqual(counts('0 0 1-31 * 1'), { perDay: 1, perWeek: 7 });
    assert.deepEqual(counts('0 0 1 * 0-6'), { perDay: 1, perWeek: 7 });
    assert.deepEqual(counts('0 0 */1 * 1'), { perDay: 1, perWeek: 1 });
  });
});
