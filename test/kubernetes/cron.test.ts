import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  type CronFields,
  neverFires,
  nextRuns,
  parseSchedule,
  runCounts,
  type Schedule,
  smallestGapMinutes,
} from '../../src/kubernetes/cron.ts';

type RecordedSchedule = [text: string] | [text: string, gapMinutes: number | null, stepSeconds: number[]];

const recording: { groups: { name: string; after: string; schedules: RecordedSchedule[] }[] } = JSON.parse(
  readFileSync(new URL('cron.robfig.json', import.meta.url), 'utf8'),
);

function schedule(text: string): Schedule {
  const parsed = parseSchedule(text);
  if (!parsed.ok) assert.fail(`${JSON.stringify(text)} is refused: ${parsed.error}`);
  return parsed.schedule;
}

function refusal(text: string): string {
  const parsed = parseSchedule(text);
  if (parsed.ok) assert.fail(`${JSON.stringify(text)} is accepted`);
  return parsed.error;
}

function fields(text: string): CronFields {
  const parsed = schedule(text);
  assert.equal(parsed.kind, 'fields');
  return parsed.fields;
}

const saturday = new Date('2026-01-31T22:17:43.500Z');
const runs = (text: string, count = 3) =>
  nextRuns(schedule(text), saturday, count).map(run => run.toISOString().replace(':00.000Z', ''));
const weekdays = (text: string) =>
  nextRuns(schedule(text), saturday, 7).map(run => run.toUTCString().slice(0, 3));

describe('a cron schedule', () => {
  for (const { name, after, schedules } of recording.groups) {
    describe(`as Kubernetes reads it: ${schedules.length} ${name}`, () => {
      it('is accepted or refused alike', () => {
        for (const [text, ...rest] of schedules) {
          assert.equal(parseSchedule(text).ok, rest.length > 0, JSON.stringify(text));
        }
      });

      it('runs at the same times', () => {
        for (const [text, , steps] of schedules) {
          if (steps === undefined) continue;
          let second = Math.floor(Date.parse(after) / 1000);
          const expected = steps.map(step => {
            second += step;
            return new Date(second * 1000);
          });
          assert.deepEqual(nextRuns(schedule(text), new Date(after), 6), expected, JSON.stringify(text));
        }
      });

      it('has the smallest gap found among 28 years of runs', () => {
        for (const [text, gap] of schedules) {
          if (gap === undefined) continue;
          assert.equal(smallestGapMinutes(schedule(text)) ?? null, gap, JSON.stringify(text));
        }
      });
    });
  }

  it('may be a descriptor or a duration', () => {
    assert.deepEqual(schedule('@every 1h30m'), { kind: 'every', seconds: 5400 });
    assert.deepEqual(schedule('@midnight'), schedule('0 0 * * *'));
    assert.deepEqual(schedule('@annually'), schedule('0 0 1 1 *'));
  });

  it('has no other descriptors', () => {
    for (const text of ['@minutely', '@secondly', '@weekdays', '@weekends', '@reboot', '@Daily', '@every']) {
      assert.match(refusal(text), /^"@.* is none of @yearly, .* or @every with a duration$/);
    }
    assert.equal(refusal('@every 1d'), '"1d" is not a duration such as 30m or 1h30m');
  });

  it('has exactly five fields', () => {
    const five = 'not the five of minute, hour, day of month, month and day of week';
    assert.equal(refusal('0 0 0 * * *'), `the schedule has 6 fields, ${five}`);
    assert.equal(refusal('* * * *'), `the schedule has 4 fields, ${five}`);
    assert.equal(refusal('*'), `the schedule has 1 field, ${five}`);
    assert.equal(refusal(''), `the schedule has no fields, ${five}`);
  });

  it('counts Sunday as 0 only', () => {
    assert.equal(refusal('0 0 * * 7'), 'day of week "7" is above 6 (Kubernetes counts Sunday as 0)');
    assert.equal(refusal('0 0 * * 5-7'), 'day of week "7" is above 6 (Kubernetes counts Sunday as 0)');
    assert.match(refusal('0 0 * * 0-7'), /above 6/);
  });

  it('has no L, # or H', () => {
    const reason = 'is not a number (Kubernetes has no L, W, # or H)';
    assert.equal(refusal('0 0 L * *'), `day of month "L" ${reason}`);
    assert.equal(refusal('0 0 * * 5L'), `day of week "5L" ${reason}`);
    assert.equal(refusal('0 0 * * 1#1'), `day of week "1#1" ${reason}`);
    assert.equal(refusal('H 0 * * *'), `minute "H" ${reason}`);
  });

  it('is told what is wrong with a field', () => {
    assert.equal(refusal('0 22-2 * * *'), 'hour "22-2" ends before it begins');
    assert.equal(refusal('0 0 * * Sat-Sun'), 'day of week "Sat-Sun" ends before it begins');
    assert.equal(refusal('0 0 0 * *'), 'day of month "0" is below 1');
    assert.equal(refusal('60/5 * * * *'), 'minute "60" is above 59');
    assert.equal(refusal('*/0 * * * *'), 'minute "*/0" has a step that is not a whole number from 1 up');
    assert.equal(refusal('1-2-3 * * * *'), 'minute "1-2-3" has more than one hyphen');
    assert.equal(refusal('*/1/2 * * * *'), 'minute "*/1/2" has more than one slash');
    assert.equal(refusal('1.5 * * * *'), 'minute "1.5" is not a whole number from 0 to 59');
    assert.equal(
      refusal('0 0 * * monday'),
      'day of week "monday" is not a whole number from 0 to 6, nor one of sun mon tue wed thu fri sat',
    );
  });

  it('carries no time zone, wherever it stands', () => {
    for (const text of ['TZ=UTC * * * * *', 'CRON_TZ=Europe/London 0 0 * * *', 'TZ=UTC', '*-TZ * * * *']) {
      assert.equal(refusal(text), 'the schedule names a time zone, which belongs in spec.timeZone');
    }
  });

  it('never fires on 31 February or with an empty field, though Kubernetes accepts both', () => {
    for (const text of ['0 0 31 2 *', ', * * * *', '0 0 , * *', '0 0 * * ,', '0 0 31 2,4,6,9,11 *']) {
      assert.equal(neverFires(schedule(text)), true, text);
    }
    for (const text of ['0 0 31 4,5 *', '0 0 31 2 1', '0 0 , * 1', '0 0 5 * ,']) {
      assert.equal(neverFires(schedule(text)), false, text);
    }
    const never = schedule('0 0 31 2 *');
    assert.equal(smallestGapMinutes(never), undefined);
    assert.deepEqual(runCounts(never), { perDay: 0, perWeek: 0 });
    assert.deepEqual(nextRuns(never, saturday, 3), []);
  });

  it('fires on 29 February', () => {
    assert.equal(neverFires(schedule('0 0 29 2 *')), false);
    assert.deepEqual(runs('0 0 29 2 *', 2), ['2028-02-29T00:00', '2032-02-29T00:00']);
    assert.equal(smallestGapMinutes(schedule('0 0 29 2 *')), undefined);
    assert.equal(smallestGapMinutes(schedule('0 0,12 29 2 *')), 720);
  });

  it('may repeat itself, carry signs and leave list elements empty', () => {
    assert.deepEqual(fields('1,1 * * * *').minutes, [1]);
    assert.deepEqual(fields('1,,2 * * * *').minutes, [1, 2]);
    assert.deepEqual(fields('1, * * * *').minutes, [1]);
    assert.deepEqual(fields('+5 * * * *').minutes, [5]);
    assert.deepEqual(fields('* * * * 1,mon').daysOfWeek, [1]);
    assert.equal(fields('* * *,5 * *').daysOfMonth.length, 31);
    assert.equal(fields('*-5 * * * *').minutes.length, 60);
    assert.equal(fields('?-5 * * * *').minutes.length, 60);
  });

  it('runs a stepped weekday to Saturday, not on to Sunday', () => {
    assert.deepEqual(fields('0 0 * * mon/2').daysOfWeek, [1, 3, 5]);
    assert.deepEqual(weekdays('0 0 * * mon/2'), ['Mon', 'Wed', 'Fri', 'Mon', 'Wed', 'Fri', 'Mon']);
  });

  it('leaves the day to the other field for a star with step 1, not with step 2', () => {
    assert.equal(fields('0 0 */1 * 1').dayOfMonthStar, true);
    assert.equal(new Set(weekdays('0 0 */1 * 1')).size, 1);
    assert.equal(fields('0 0 */2 * 1').dayOfMonthStar, false);
    assert.deepEqual(weekdays('0 0 */2 * 1'), ['Sun', 'Mon', 'Tue', 'Thu', 'Sat', 'Mon', 'Wed']);
  });

  it('runs hourly when the step is longer than the hour', () => {
    assert.deepEqual(runs('*/90 * * * *'), ['2026-01-31T23:00', '2026-02-01T00:00', '2026-02-01T01:00']);
  });
});

describe('the next runs', () => {
  it('are none when none are asked for', () => {
    assert.deepEqual(nextRuns(schedule('* * * * *'), saturday, 0), []);
  });

  it('need a valid date to start after', () => {
    assert.throws(() => nextRuns(schedule('@hourly'), new Date(Number.NaN), 1), RangeError);
  });

  it('load the date library, which parsing a schedule does not', () => {
    const module = JSON.stringify(new URL('../../src/kubernetes/cron.ts', import.meta.url));
    const program = `
      import { createRequire } from 'node:module';
      const { parseSchedule, nextRuns } = await import(${module});
      const loaded = () => Object.keys(createRequire(${module}).cache).some(file => file.includes('luxon'));
      const { schedule } = parseSchedule('0 0 * * *');
      const before = loaded();
      nextRuns(schedule, new Date(), 1);
      console.log(before, loaded());`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      encoding: 'utf8',
    });
    assert.equal(output.trim(), 'false true');
  });
});
