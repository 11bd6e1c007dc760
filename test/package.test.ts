import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { capture } from './captures/capture.ts';
import { imageFlags } from './image.ts';
import { serving } from './serving.ts';
import { exchange } from './webhook/toy.ts';

const ROOT = join(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules/.bin');

/** Each is somebody else's code in the path of every change of a cluster: one more is a decision. */
const MOST_DEPENDENCIES = 165;

/** One package as it stands in package-lock.json (npm docs, package-lock-json). */
interface Locked {
  version?: string;
  integrity?: string;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
}

const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};
const production = Object.entries(lock.packages).filter(([path, { dev }]) => path !== '' && !dev);

function run(program: string, args: readonly string[], cwd = ROOT): string {
  const env = { ...process.env, PATH: [BIN, process.env.PATH].join(delimiter), npm_config_offline: 'true' };
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

function filesOf(folder: string): string[] {
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

describe('what premortem depends on', () => {
  it(`is at most ${MOST_DEPENDENCIES} packages`, () => {
    assert.ok(production.length <= MOST_DEPENDENCIES, `${production.length} packages`);
  });

  it('runs nothing when it is installed', () => {
    const scripted = production.filter(([, { hasInstallScript }]) => hasInstallScript);
    assert.deepEqual(
      scripted.map(([path]) => path),
      [],
    );
  });

  it('is what the lockfile says, bit for bit', () => {
    for (const [path, { integrity }] of production) assert.match(integrity ?? '', /^sha512-/, path);
  });

  it('is listed whole, and nothing else, in the bill of materials', () => {
    const bill = JSON.parse(run('npm', ['run', '--silent', 'sbom'])) as Bill;
    assert.equal(bill.bomFormat, 'CycloneDX');
    const listed = bill.components.map(({ name, version, hashes }) => [
      `${name}@${version}`,
      hashes?.find(({ alg }) => alg === 'SHA-512')?.content,
    ]);
    const locked = production.map(([path, { version, integrity = '' }]) => [
      `${path.split('node_modules/').at(-1)}@${version}`,
      Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex'),
    ]);
    assert.deepEqual(new Map(listed as Pairs), new Map(locked as Pairs));
  });
});

type Pairs = [string, string][];

/** As far as it is read here (cyclonedx.org, JSON 1.5). */
interface Bill {
  bomFormat: string;
  components: { name: string; version: string; hashes?: { alg: string; content: string }[] }[];
}

describe('the package', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'premortem-package-'));
    for (const build of ['dist', 'again'])
      run('tsc', ['-p', 'tsconfig.build.json', '--outDir', join(folder, build)]);
    for (const file of ['package.json', 'LICENSE', 'NOTICE', 'CHANGELOG.md'])
      cpSync(join(ROOT, file), join(folder, file));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('is built the same every time', () => {
    const files = filesOf(join(folder, 'dist'));
    assert.deepEqual(filesOf(join(folder, 'again')), files);
    for (const file of files)
      assert.ok(
        readFileSync(join(folder, 'dist', file)).equals(readFileSync(join(folder, 'again', file))),
        file,
      );
  });

  it('is packed the same every time', () => {
    const [one, other] = ['one', 'other'].map(name => {
      const to = mkdtempSync(join(folder, name));
      run('npm', ['pack', '--ignore-scripts', '--silent', `--pack-destination=${to}`], folder);
      const [packed = '', ...others] = readdirSync(to);
      assert.deepEqual(others, []);
      return readFileSync(join(to, packed));
    });
    assert.ok(one && other && one.equals(other));
  });

  it('holds what it needs and no more', () => {
    const packed = JSON.parse(run('npm', ['pack', '--ignore-scripts', '--dry-run', '--json'], folder)) as [
      { files: { path: string }[] },
    ];
    const others = packed[0].files.map(({ path }) => path).filter(path => !path.startsWith('dist/'));
    assert.deepEqual(others.sort(), ['CHANGELOG.md', 'LICENSE', 'NOTICE', 'package.json']);
  });

  describe('under the flags of the image, which leave untrusted input no eval and no __proto__', () => {
    const check = ['check', '--output=json', '--fail-on=never', 'test/rules'];
    const expected = () => run(process.execPath, ['src/main.ts', ...check]);

    it('are these two', () => {
      assert.deepEqual(imageFlags, ['--disable-proto=delete', '--disallow-code-generation-from-strings']);
      const [has, evaluates] = ['"__proto__" in {}', 'try { eval("1") } catch (e) { e.name }'].map(
        expression => run(process.execPath, [...imageFlags, '--print', expression]).trim(),
      );
      assert.deepEqual([has, evaluates], ['false', 'EvalError']);
    });

    for (const [from, main] of [
      ['the sources', () => join(ROOT, 'src/main.ts')],
      ['what is built', () => join(folder, 'dist/main.js')],
    ] as const) {
      it(`checks as without them, from ${from}`, () => {
        assert.equal(run(process.execPath, [...imageFlags, main(), ...check]), expected());
      });

      it(`serves, from ${from}`, async () => {
        const args = ['serve', '--host=127.0.0.1', '--port=0', '--metrics-port=0'];
        const server = spawn(process.execPath, [...imageFlags, main(), ...args]);
        try {
          const { webhook, metrics } = await serving(server.stdout);
          const body = JSON.stringify(capture('cronjob-misplaced-apply-create'));
          const headers = { 'content-type': 'application/json' };
          const options = { headers, agent: false, rejectUnauthorized: false };
          const { text } = await exchange(`${webhook}/validate/enforce`, body, options);
          assert.equal(JSON.parse(text).response.allowed, false);
          assert.match(await (await fetch(`${metrics}/metrics`)).text(), /verdict="denied"} 1/);
          server.kill('SIGTERM');
          server.kill('SIGINT');
          assert.deepEqual(await once(server, 'exit'), [0, null]);
        } finally {
          server.kill('SIGKILL');
        }
      });
    }
  });
});
