import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { capture } from './captures/capture.ts';
import { assembly, entrypoint } from './image.ts';
import { review } from './load/reviews.ts';
import { serving } from './serving.ts';
import { exchange } from './webhook/toy.ts';

const { PATH } = process.env;
const ROOT = join(import.meta.dirname, '..');
/** Runs `"$@"` with the folder `$0` as its read-only root, as a user without rights: as a kubelet has it run. */
const CONTAINED = `
  mount --bind "$0" "$0"
  mount --rbind /dev "$0/dev"
  mount --rbind /proc "$0/proc"
  mount -o remount,bind,ro "$0"
  exec unshare --user --map-user=65532 --map-group=65532 --root="$0" "$@"
`;
const contain = (root: string, ...command: string[]) => [
  '--user',
  '--map-root-user',
  '--mount',
  'sh',
  '-ec',
  CONTAINED,
  root,
  ...command,
];

/** What is there after `npm prune --omit=dev`. */
function layOutApp(folder: string): void {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const production = Object.entries(packages).filter(([path, { dev }]) => path !== '' && !dev);
  for (const path of ['package.json', ...production.map(([path]) => path)]) {
    const to = join(folder, path);
    if (existsSync(to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    // Of a package that another one has in its own folder, both are there when the outer one is.
    assert.equal(spawnSync('cp', ['-R', join(ROOT, path), to]).status, 0, path);
  }
  const tsc = join(ROOT, 'node_modules/.bin/tsc');
  const built = spawnSync(tsc, ['-p', 'tsconfig.build.json', '--outDir', join(folder, 'dist')], {
    cwd: ROOT,
  });
  assert.equal(built.status, 0, `${built.stdout}`);
}

/** Only Linux has what containers are made of, and not everybody may use it. */
const canContain = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true']).status === 0;

describe('the image', function () {
  this.timeout(60_000);
  let folder: string;
  let image: string;
  before(function () {
    if (!canContain) return this.skip();
    folder = mkdtempSync(join(tmpdir(), 'premortem-image-'));
    image = join(folder, 'image');
    layOutApp(join(folder, 'app'));
    mkdirSync(image);
    const here = assembly
      .replaceAll('/usr/local/bin/node', process.execPath)
      .replaceAll('/app/', `${join(folder, 'app')}/`);
    const { status, stderr } = spawnSync('sh', ['-ec', here], { cwd: image, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    for (const mounted of ['dev', 'proc']) mkdirSync(join(image, mounted));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it('serves with nothing but its own files, none of which it may write, as a user without rights', async () => {
    const serve = ['serve', '--host=127.0.0.1', '--port=0', '--metrics-port=0'];
    const server = spawn('unshare', contain(image, ...entrypoint, ...serve), { env: { PATH } });
    try {
      const { webhook } = await serving(server.stdout);
      const options = {
        headers: { 'content-type': 'application/json' },
        agent: false,
        rejectUnauthorized: false,
      };
      const ask = async (body: string) => {
        const { text } = await exchange(`${webhook}/validate/enforce?timeout=30s`, body, options);
        return JSON.parse(text).response.allowed;
      };
      assert.equal(await ask(JSON.stringify(capture('cronjob-misplaced-apply-create'))), false);
      // Large enough for a process of its own, which has to find Node too.
      assert.equal(await ask(review({ bytes: 700_000 })), true);
    } finally {
      server.kill('SIGKILL');
    }
  });
});
