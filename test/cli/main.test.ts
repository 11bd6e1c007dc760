import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

const MAIN = 'src/main.ts';

describe('premortem', () => {
  it('takes it well when its reader stops reading', async () => {
    const child = spawn(process.execPath, [MAIN, 'check', '-o', 'json', 'test/rules'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    child.stdout.destroy();
    await once(child, 'close');
    assert.equal(stderr, '');
  });

  it('writes no colours into a pipe, nor where NO_COLOR is set', () => {
    const { stdout } = spawnSync(process.execPath, [MAIN, 'check', 'test/rules/field-misplaced/bad'], {
      encoding: 'utf8',
    });
    assert.ok(stdout.length > 0 && !stdout.includes('\u001b'));
  });

  it('explains itself', () => {
    const { status, stdout } = spawnSync(process.execPath, [MAIN, '--help'], { encoding: 'utf8' });
    assert.equal(status, 0);
    for (const command of ['check', 'serve', 'explain', 'rules'])
      assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
  });
});
