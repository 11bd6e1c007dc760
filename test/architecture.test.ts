import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const SRC = join(import.meta.dirname, '../src');

/** Which folders of src/ a folder may import from, besides itself. */
const MAY_IMPORT: Record<string, string[]> = {
  kubernetes: [],
  model: ['kubernetes'],
  incidents: ['model'],
  rules: ['model', 'kubernetes', 'incidents'],
  engine: ['model', 'kubernetes'],
  report: ['engine', 'model', 'kubernetes'],
  intake: ['model', 'kubernetes'],
  world: ['model', 'kubernetes'],
  webhook: ['world', 'intake', 'report', 'engine', 'rules', 'incidents', 'model', 'kubernetes'],
  cli: ['webhook', 'world', 'intake', 'report', 'engine', 'rules', 'incidents', 'model', 'kubernetes'],
  '.': ['cli'],
};

const files = globSync('**/*.ts', { cwd: SRC }).map(file => ({
  file,
  text: readFileSync(join(SRC, file), 'utf8'),
}));

function importsOf(text: string): { specifier: string; typeOnly: boolean }[] {
  const statement =
    /^\s*(?:import|export)\s+(type\s)?[^'"();]*?(?:from\s+)?['"]([^'"]+)['"]|\bimport\(['"]([^'"]+)['"]\)/gm;
  return [...text.matchAll(statement)].map(match => ({
    specifier: match[2] ?? match[3] ?? '',
    typeOnly: match[1] !== undefined,
  }));
}

function folderOf(file: string): string {
  return dirname(file).split('/')[0] ?? '.';
}

describe('architecture', () => {
  it('knows every folder', () => {
    assert.deepEqual(
      [...new Set(files.map(({ file }) => folderOf(file)))].sort(),
      Object.keys(MAY_IMPORT).sort(),
    );
  });

  it('imports run one way', () => {
    const wrong = files.flatMap(({ file, text }) =>
      importsOf(text)
        .filter(({ specifier }) => specifier.startsWith('.'))
        .map(({ specifier }) => folderOf(relative(SRC, join(SRC, dirname(file), specifier))))
        .filter(folder => folder !== folderOf(file) && !MAY_IMPORT[folderOf(file)]?.includes(folder))
        .map(folder => `${file} imports ${folder}/`),
    );
    assert.deepEqual(wrong, []);
  });

  it('keeps express in the webhook', () => assertOnlyIn('express', ['webhook']));

  it('loads the Kubernetes client nowhere but where a cluster is watched', () => {
    assertOnlyIn('@kubernetes/client-node', ['world']);
  });

  it('gives rules no way to the outside: no I/O, no clock, no randomness, no async', () => {
    for (const { file, text } of files.filter(({ file }) => folderOf(file) === 'rules')) {
      const outside = importsOf(text).filter(
        ({ specifier, typeOnly }) => !specifier.startsWith('.') && !typeOnly,
      );
      assert.deepEqual(outside, [], file);
      assert.doesNotMatch(
        text,
        /\b(process\.[a-z]|fetch\(|require\(|new Date|Date\.now|Math\.random|async |await |Promise|setTimeout)/,
        file,
      );
    }
  });

  it('lets only programs touch the process, but for one clock', () => {
    const touching = files
      .filter(({ text }) => /\bprocess\.[a-z]|from 'node:process'/.test(text))
      .map(({ file }) => file);
    assert.deepEqual(touching.sort(), ['main.ts', 'webhook/lane-process.ts', 'webhook/watchdog.ts']);
  });

  it('keeps files short enough to be one thing', () => {
    const long = files.filter(({ text }) => text.split('\n').length > 260).map(({ file }) => file);
    assert.deepEqual(long, []);
  });
});

function isOf(specifier: string, library: string): boolean {
  return specifier === library || specifier.startsWith(`${library}/`);
}

function assertOnlyIn(specifier: string, folders: string[]): void {
  const importing = files
    .filter(({ text }) => importsOf(text).some(one => isOf(one.specifier, specifier) && !one.typeOnly))
    .map(({ file }) => folderOf(file));
  assert.deepEqual(
    [...new Set(importing)].filter(folder => !folders.includes(folder)),
    [],
  );
}
