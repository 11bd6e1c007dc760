import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

describe('generated files', () => {
  for (const script of globSync('scripts/generate-*.ts', { cwd: ROOT }).sort()) {
    it(`of ${basename(script)} are current`, () => {
      const { status, stderr } = spawnSync(process.execPath, [script, '--check'], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      assert.equal(status, 0, stderr);
    });
  }
});
