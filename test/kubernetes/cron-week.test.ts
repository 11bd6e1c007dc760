import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nextRuns, parseSchedule } from '../../src/kubernetes/cron.ts';
import { herdsAmong, weeklyMinutes } from '../../src/kubernetes/cron-week.ts';
import { runs } from '../runs.ts';

function minutesOf(text: string): number[] {
  const parsed = parseSchedule(text);
  assert.ok(parsed.ok, text);
  return [...weeklyMinutes(parsed.schedule)];
}

describe('the minutes of a week', () => {
  it('are those at which a schedule starts in every week', () => {
    assert.deepEqual(minutesOf('30 1 * * Mon,Sat'), [1530, 8730]);
    assert.equal(minutesOf('* * * * *').length, 7 * 24 * 60);
    assert.equal(minutesOf('@hourly').length, 7 * 24);
    assert.deepEqual(minutesOf('0 0 1-31 * *'), minutesOf('@daily'));
  });

  for (const text of ['@every 1h', '@monthly', '0 0 1 * *', '0 0 1 * Mon', '0 0 * 6 *', '0 0 31 2 *'])
    it(`are none of "${text}"`, () => assert.deepEqual(minutesOf(text), []));

  it('are when it runs indeed', () => {
    const field = (least: number, most: number) =>
      fc.uniqueArray(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 3 }).map(String);
    fc.assert(
      fc.property(field(0, 59), field(0, 23), field(0, 6), (minute, hour, day) => {
        const text = `${minute} ${hour} * * ${day}`;
        const parsed = parseSchedule(text);
        assert.ok(parsed.ok);
        const expected = minutesOf(text).sort((a, b) => a - b);
        // 22 November 2026 is a Sunday.
        const found = nextRuns(parsed.schedule, new Date('2026-11-21T23:59:59Z'), expected.length);
        assert.deepEqual(
          found.map(run => run.getUTCDay() * 1440 + run.getUTCHours() * 60 + run.getUTCMinutes()),
          expected,
        );
      }),
      { numRuns: runs(0.1) },
    );
  });
});

describe('a herd', () => {
  const herds = (most: number, ...texts: string[]) =>
    herdsAmong(
      texts.map(text => {
        const parsed = parseSchedule(text);
        assert.ok(parsed.ok, text);
        return parsed.schedule;
      }),
      most,
    );

  it('is more schedules than so many in one minute of the week', () => {
    assert.deepEqual(herds(2, '30 1 * * *', '0 1 * * *', '*/30 1 * * *', '@hourly', '* * * * Mon'), [
      { members: [1, 2, 3, 4], when: '01:00 on Monday' },
      { members: [0, 2, 4], when: '01:30 on Monday' },
    ]);
    assert.deepEqual(herds(3, '30 1 * * *', '*/30 1 * * *', '* * * * Mon'), []);
    assert.deepEqual(herds(1, '@daily', '@midnight'), [{ members: [0, 1], when: '00:00' }]);
    assert.deepEqual(herds(1, '59 23 * * Sat', '59 23 * * 6'), [
      { members: [0, 1], when: '23:59 on Saturday' },
    ]);
    assert.deepEqual(herds(0), []);
  });

  it('is found among hundreds in a moment', () => {
    const started = performance.now();
    const [one] = herds(10, ...Array.from({ length: 500 }, () => '* * * * *'));
    assert.deepEqual([one?.members.length, one?.when], [500, '00:00']);
    assert.ok(performance.now() - started < 5000);
  });
});
