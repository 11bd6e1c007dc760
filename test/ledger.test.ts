import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { incidents } from '../src/incidents/index.ts';
import { rules } from '../src/rules/index.ts';

const lessons = incidents.flatMap(incident => Object.values(incident.lessons));
const cited = new Set(rules.flatMap(rule => rule.lessons));

describe('ledger', () => {
  it('has one file and one place in the list for each incident', () => {
    const files = readdirSync(join(import.meta.dirname, '../src/incidents'))
      .filter(file => file.endsWith('.ts') && file !== 'index.ts')
      .map(file => file.slice(0, -3));
    assert.deepEqual(files.sort(), incidents.map(({ id }) => id).sort());
  });

  it('cites no lesson that is not in it', () => {
    for (const lesson of cited) assert.ok(lessons.includes(lesson), lesson.teaches);
  });

  it('has every lesson either caught by a rule or told to be beyond reach, never both', () => {
    for (const lesson of lessons) {
      assert.notEqual(cited.has(lesson), lesson.beyondReach !== undefined, `${lesson.id}: ${lesson.teaches}`);
    }
  });

  it('has no rule without a lesson', () => {
    for (const { id, lessons } of rules) assert.ok(lessons.length > 0, id);
  });
});
