import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  neverFires,
  nextRuns,
  parseSchedule,
  runCounts,
  smallestGapMinutes,
} from '../../src/kubernetes/cron.ts';

const saturday = new Date('2026-01-31T22:17:43.500Z');

describe('any text as a cron schedule', () => {
  const token = fc.constantFrom(
    ...[
      '*',
      '?',
      ',',
      '-',
      '/',
      '0',
      '1',
      '7',
      '59',
      '60',
      'mon',
      'feb',
      'L',
      '#',
      ' ',
      '\t',
      '@every ',
      'h',
    ],
    ...['@daily', 'TZ=', '__proto__', 'constructor', '.', '+', '\u0000', '\ud800'],
  );
  const shaped = fc.array(token, { maxLength: 20 }).map(tokens => tokens.join(''));
  const fiveFields = fc.array(shaped, { minLength: 5, maxLength: 5 }).map(texts => texts.join(' '));

  it('is read without throwing, as is what it means', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), shaped, fiveFields), text => {
        const parsed = parseSchedule(text);
        if (!parsed.ok) return assert.ok(parsed.error.length > 0 && parsed.error.length < 500);
        const never = neverFires(parsed.schedule);
        assert.equal(nextRuns(parsed.schedule, saturday, 1).length, never ? 0 : 1);
        assert.equal(runCounts(parsed.schedule).perDay === 0, never);
        if (never) assert.equal(smallestGapMinutes(parsed.schedule), undefined);
      }),
      { numRuns: 1000 },
    );
  });

  it('of a megabyte is read before the time of this test is over', () => {
    const megabyte = 2 ** 20;
    const texts = [
      `${'*,'.repeat(megabyte / 2)} * * * *`,
      `${'0-59/1,'.repeat(megabyte / 7)} * * * *`,
      `${'0'.repeat(megabyte)}x * * * *`,
      `*${'-'.repeat(megabyte)} * * * *`,
      '* '.repeat(megabyte / 2),
      ' '.repeat(megabyte),
      `@every ${'0.1ns'.repeat(megabyte / 5)}`,
      `@every 0.${'9'.repeat(megabyte)}h`,
      `@every ${'1'.repeat(megabyte)}h`,
      `@every 1${'h'.repeat(megabyte)}`,
    ];
    for (const text of texts) {
      const parsed = parseSchedule(text);
      if (parsed.ok) smallestGapMinutes(parsed.schedule);
    }
  });
});
