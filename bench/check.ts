import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, printTable } from './table.ts';

const MAIN = 'dist/main.js';
const REPORT_MEMORY = `data:text/javascript,process.on('exit',()=>console.error('maxRSS',process.resourceUsage().maxRSS))`;

interface Run {
  ms: number;
  firstLineMs: number;
  /** MiB */
  memory: number;
}

/** (b) `premortem check` over many manifests, as a ratio of what only parsing them takes. */
export async function benchCheck(corpus: string | undefined, rounds: number): Promise<void> {
  const folder = corpus ?? manyCases();
  const [parsing, checking, node, oneFile]: Run[][] = [[], [], [], []];
  const one = 'test/rules/field-misplaced/bad/zalando-innocent-cronjob.yaml';
  for (let round = 0; round < rounds; round++) {
    parsing?.push(await run(['bench/parse-only.js', folder]));
    checking?.push(await run([MAIN, 'check', folder]));
    node?.push(await run(['-e', 'console.log()']));
    oneFile?.push(await run([MAIN, 'check', one]));
  }
  if (corpus === undefined) rmSync(folder, { recursive: true });
  const of = (runs: Run[] | undefined, what: keyof Run) => median((runs ?? []).map(run => run[what]));
  const row = (name: string, runs: Run[] | undefined) => [
    name,
    of(runs, 'ms'),
    of(runs, 'firstLineMs'),
    of(runs, 'memory'),
  ];
  printTable(`premortem check over ${corpus ?? 'its own cases, 40 times'} (median of ${rounds})`, [
    ['', 'ms', 'first line ms', 'peak MiB'],
    row('only parsing', parsing),
    row('premortem check', checking),
    ['ratio', of(checking, 'ms') / of(parsing, 'ms'), '', of(checking, 'memory') / of(parsing, 'memory')],
  ]);
  printTable(`premortem check of one file (median of ${rounds})`, [
    ['', 'ms', 'first line ms', 'peak MiB'],
    row('node that prints a line', node),
    row('premortem check', oneFile),
  ]);
}

function manyCases(): string {
  const folder = mkdtempSync(join(tmpdir(), 'premortem-bench-'));
  for (let copy = 0; copy < 40; copy++) cpSync('test/rules', join(folder, String(copy)), { recursive: true });
  return folder;
}

async function run(args: readonly string[]): Promise<Run> {
  const started = performance.now();
  let firstLineMs = Number.NaN;
  let stderr = '';
  const child = spawn(process.execPath, ['--import', REPORT_MEMORY, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', () => {
    if (Number.isNaN(firstLineMs)) firstLineMs = performance.now() - started;
  });
  child.stderr.on('data', chunk => {
    stderr += chunk;
  });
  await once(child, 'close');
  const memory = Number(/maxRSS (\d+)/.exec(stderr)?.[1]) / 1024;
  return { ms: performance.now() - started, firstLineMs, memory };
}
