import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { rules } from '../src/rules/index.ts';

describe('the bench', () => {
  it('prints what each rule costs beside an empty one, the dearest first', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['bench/bench.ts', '--rules', '--rounds', '1'],
      { cwd: join(import.meta.dirname, '..'), encoding: 'utf8' },
    );
    assert.equal(status, 0, stderr);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .slice(4)
      .map(line => /^ {2}(\S.*?) +\d+ +([\d.]+) /.exec(line));
    const [empty, review] = rows.slice(-2).map(row => row?.[1]);
    assert.deepEqual([empty, review], ['an empty rule (the floor)', 'a whole review']);
    const costs = rows.slice(0, -2).map(row => Number(row?.[2]));
    assert.deepEqual(
      costs,
      costs.toSorted((a, b) => b - a),
    );
    assert.deepEqual(
      rows
        .slice(0, -2)
        .map(row => row?.[1])
        .sort(),
      rules.map(({ id }) => id).sort(),
    );
  });
});
