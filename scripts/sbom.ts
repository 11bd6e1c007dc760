/**
 * Prints the bill of materials of what premortem is shipped with, as CycloneDX:
 *
 *     npm run --silent sbom > sbom.json
 *
 * `npm sbom --omit=dev` alone also leaves out what a development dependency needs as well (npm 11.19), js-yaml among
 * others. So npm is shown a package that has no development dependencies.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Package {
  name: string;
  devDependencies?: object;
}

interface Lock {
  packages: Record<string, { dev?: boolean; devDependencies?: object }>;
}

const { devDependencies: _, ...shipped } = read<Package>('package.json');
const lock = read<Lock>('package-lock.json');
const { '': root, ...others } = lock.packages;
const production = Object.entries(others).filter(([, { dev }]) => !dev);
const { devDependencies: __, ...shippedRoot } = root ?? {};

const folder = mkdtempSync(join(tmpdir(), 'premortem-sbom-'));
try {
  // npm takes the name of the folder for that of the package.
  const home = join(folder, shipped.name);
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), JSON.stringify(shipped));
  const packages = { '': shippedRoot, ...Object.fromEntries(production) };
  writeFileSync(join(home, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
  const args = ['sbom', '--sbom-format=cyclonedx', '--package-lock-only'];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: home, encoding: 'utf8' });
  process.stdout.write(stdout);
  if (status !== 0) process.stderr.write(stderr);
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(import.meta.dirname, '..', file), 'utf8')) as T;
}
