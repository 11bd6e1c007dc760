import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { incidents } from '../src/incidents/index.ts';
import { rules } from '../src/rules/index.ts';

/** What the four accounts teach that premortem began with: L01 to L85. */
const LESSONS = Array.from({ length: 85 }, (_, index) => `L${String(index + 1).padStart(2, '0')}`);

const lessons = incidents.flatMap(incident => Object.values(incident.lessons));
const cited = new Set(rules.flatMap(rule => rule.lessons));
const SRC = join(import.meta.dirname, '../src');

describe('ledger', () => {
  it('has one file and one place in the list for each incident', () => {
    const files = readdirSync(join(SRC, 'incidents'))
      .filter(file => file.endsWith('.ts') && file !== 'index.ts')
      .map(file => file.slice(0, -3));
    assert.deepEqual(files.sort(), incidents.map(({ id }) => id).sort());
  });

  it('has every one of the 85 lessons, cited by a rule or told to be beyond reach', () => {
    const answered = new Set(
      lessons
        .filter(lesson => cited.has(lesson) || lesson.beyondReach !== undefined)
        .map(lesson => lesson.id),
    );
    assert.deepEqual(
      LESSONS.filter(id => !answered.has(id)),
      [],
    );
  });

  it('has no lesson beside them but those that a mechanism suggests', () => {
    for (const { id } of lessons) assert.ok(LESSONS.includes(id) || /^D\d+$/.test(id), id);
  });

  it('cites no lesson that is not in it', () => {
    for (const lesson of cited) assert.ok(lessons.includes(lesson), lesson.teaches);
  });

  it('has every lesson either caught by a rule or told to be beyond reach, never both', () => {
    for (const lesson of lessons) {
      assert.notEqual(cited.has(lesson), lesson.beyondReach !== undefined, `${lesson.id}: ${lesson.teaches}`);
    }
  });

  it('says of a lesson beyond reach what one would have to see, in more than a word', () => {
    for (const { id, beyondReach } of lessons)
      assert.ok(beyondReach === undefined || (beyondReach.length > 100 && beyondReach.endsWith('.')), id);
  });

  it('has no rule without a lesson', () => {
    for (const { id, lessons } of rules) assert.ok(lessons.length > 0, id);
  });

  it('has a page for every rule, and a place in the incidents for every lesson', () => {
    const [rulesPage, incidentsPage] = ['rules', 'incidents'].map(folder =>
      readFileSync(join(SRC, folder, 'README.md'), 'utf8').split('\n'),
    );
    for (const { id } of rules) assert.ok(rulesPage?.includes(`## ${id}`), id);
    for (const { id } of incidents) assert.ok(incidentsPage?.includes(`## ${id}`), id);
    for (const { id, teaches } of lessons)
      assert.ok(
        incidentsPage?.some(line => line.startsWith(`| ${id} | ${teaches} | `)),
        id,
      );
  });
});
