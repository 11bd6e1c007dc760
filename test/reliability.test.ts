import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '../docs');
const page = readFileSync(join(DOCS, 'reliability.md'), 'utf8');
const rows = page
  .split('\n')
  .filter(line => /^\| *\d* *\| .*\|$/.test(line) && !line.startsWith('| | what happens'));

describe('the page on reliability', () => {
  it('names a test for each thing that can go wrong', () => {
    const numbers = rows.flatMap(row => /^\| *(\d+)/.exec(row)?.[1] ?? []).map(Number);
    assert.deepEqual(
      numbers,
      Array.from({ length: 72 }, (_, index) => index + 1),
    );
    for (const row of rows) assert.match(row, /\]\(\.\.\/test\/[^)]+\) `[^`]+`/, row);
  });

  it('names no test that is not there', () => {
    for (const [, file = '', titles = ''] of page.matchAll(/\]\((\.\.\/test\/[^)]+)\)((?:,? `[^`]+`)+)/g)) {
      const text = readFileSync(join(DOCS, file), 'utf8');
      for (const [, title = ''] of titles.matchAll(/`([^`]+)`/g))
        assert.ok(text.includes(title), `${file} has no "${title}"`);
    }
  });
});
