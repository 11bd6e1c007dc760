import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SRC = join(import.meta.dirname, '../src');

/** A literal behind anything that an expression may begin behind. */
const LITERAL =
  /(?:^|[=(,:?&|![{>;]|return)\s*\/((?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+)\/([dgimsuvy]*)/gm;

/** Every regular expression of the sources, with the file that it stands in. */
const all = globSync('**/*.ts', { cwd: SRC }).flatMap(file => {
  const text = readFileSync(join(SRC, file), 'utf8').replace(/^\s*(?:\/?\*|\/\/).*$/gm, '');
  return [...text.matchAll(LITERAL)].map(([, source = '', flags = '']) => ({
    file,
    shown: `/${source}/${flags}`,
    regex: new RegExp(source, flags),
    source,
  }));
});

/** They would take too long with long text, and are never given any. */
const NEVER_LONG = [
  // Quantities of more than 64 characters are none.
  'kubernetes/quantity.ts',
  // Names that Kubernetes declares.
  'kubernetes/field-homes.ts',
];

const PUMPS = [
  ' ',
  '\t',
  '\n',
  'a',
  'A',
  '0',
  '9',
  '-',
  '_',
  '.',
  ',',
  ';',
  ':',
  '=',
  '*',
  '/',
  '\\',
  '"',
  "'",
  '(',
  '{',
  '#',
  '\u00e9',
  'a ',
  'a.',
  '0.',
  'a=',
  '-a',
  ' \n',
  '\r\n',
  ' ;',
  'a,',
];
const ENDS = ['', '\u0000', '!', '\n!'];

/** Text that leads into the expression: what of it stands for itself, up to each place. */
function ways(source: string): string[] {
  const plain = source.replace(/\\[sdwbSDWB]|[\^$]|\(\?[:=!<]*|\[[^\]]*\]|\{\d*,?\d*\}|[()*+?|]/g, '\u0000');
  const pieces = plain
    .replace(/\\(.)/g, '$1')
    .split('\u0000')
    .filter(piece => piece !== '');
  return ['', ...pieces.map((_, index) => pieces.slice(0, index + 1).join(''))].slice(0, 6);
}

/** Milliseconds that a search takes, at the best of a few. */
function searching(regex: RegExp, text: string, times = 1): number {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time++) {
    const started = performance.now();
    text.replace(regex, '');
    regex.lastIndex = 0;
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

/** The text with which an expression takes more than its share of time, if there is one. */
function worst({ regex, source }: (typeof all)[number]): string | undefined {
  for (const way of ways(source)) {
    for (const pump of PUMPS) {
      for (const end of ENDS) {
        const text = (size: number) => way + pump.repeat(size / pump.length) + end;
        if (grows(regex, text)) return `${JSON.stringify(way)}, then ${JSON.stringify(pump)} again and again`;
      }
    }
  }
  return undefined;
}

const SIZES = [32, 400, 3_000, 12_500, 50_000];
/** What is over so soon at a size cannot be told from noise, and is not worth telling. */
const SOON_MS = 5;

function grows(regex: RegExp, text: (size: number) => string): boolean {
  const slow = SIZES.find(size => searching(regex, text(size)) > SOON_MS);
  if (slow === undefined) return false;
  const [once, twice] = [searching(regex, text(slow), 5), searching(regex, text(slow * 2), 5)];
  return twice > SOON_MS && twice > once * 3.5;
}

describe('every regular expression', () => {
  it('is looked at', () => assert.ok(all.length > 60, `${all.length}`));

  it('takes time in proportion to its text, 50 kB of the worst included', () => {
    const slow = all
      .filter(({ file }) => !NEVER_LONG.includes(file))
      .flatMap(one => {
        const text = worst(one);
        return text === undefined ? [] : [`${one.file}: ${one.shown} with ${text}`];
      });
    assert.deepEqual(slow, []);
  }).timeout(60_000);
});
