import { once } from 'node:events';
import { promises as fs } from 'node:fs';
import { readSources } from '../intake/sources.ts';
import type { KubernetesVersion } from '../kubernetes/version.ts';
import type { Configuration } from '../model/configuration.ts';
import { printable } from '../model/printable.ts';
import type { Finding, InputError, Report } from '../model/report.ts';
import type { Severity } from '../model/rule.ts';
import { JsonReporter } from '../report/json.ts';
import type { Reporter } from '../report/reporter.ts';
import { Summary } from '../report/summary.ts';
import { TextReporter } from '../report/text.ts';
import { loadConfiguration } from './configuration.ts';
import { fixFiles, isFixable } from './fix.ts';
import { dayOf, EXIT, type Io } from './io.ts';
import type { Format } from './program.ts';
import { reviewRevision } from './revision.ts';

export interface CheckOptions {
  outputs: readonly { format: Format; file: string | undefined }[];
  failOn: Severity | 'never';
  before: string | undefined;
  /** The file that holds the configuration. */
  config: string | undefined;
  /** Stands in for that of the configuration. */
  kubernetesVersion: KubernetesVersion | undefined;
  fix: boolean;
  showNotes: boolean;
}

/** A report on its way to stdout or to a file. */
interface Output {
  file: string | undefined;
  reporter: Reporter;
  /** What is still to be written. */
  text: string;
}

/** `premortem check`: reviews files as if they were being applied, writes the reports, and says how it went. */
export async function check(paths: readonly string[], options: CheckOptions, io: Io): Promise<number> {
  const misuse = misuseOf(paths, options);
  if (misuse) {
    io.stderr.write(`error: ${misuse}\n`);
    return EXIT.failed;
  }
  const loaded = await loadConfiguration(options.config, io);
  if (!loaded) return EXIT.failed;
  const { before, kubernetesVersion = loaded.kubernetesVersion } = options;
  const configuration = { ...loaded, kubernetesVersion };
  const report = await reviewPaths(paths, before, configuration, io);
  const { errors } = report;
  const outputs = outputsOf(options, io);
  const summary = new Summary();
  const fixable: Finding[] = [];
  for (const review of report.reviews) {
    summary.add(review);
    if (options.fix) for (const finding of review.findings) if (isFixable(finding)) fixable.push(finding);
    for (const output of outputs) output.text += output.reporter.add(review);
    await writeFullPages(outputs, io);
  }
  if (report.objects === 0 && errors.length === 0) {
    const message = 'nothing to check: no document has both apiVersion and kind';
    errors.push({ file: paths.join(' '), line: null, column: null, message });
  }
  summary.close(report);
  for (const output of outputs) {
    output.text += output.reporter.end(errors, summary);
    if (!(await write(output, io))) return EXIT.failed;
  }
  const { lines, failed } = await fixFiles(fixable);
  for (const line of lines) io.stderr.write(`${line}\n`);
  if (errors.length > 0 || failed) return EXIT.failed;
  return options.failOn !== 'never' && summary.reaches(options.failOn) ? EXIT.findings : EXIT.ok;
}

function misuseOf(paths: readonly string[], { before, outputs }: CheckOptions): string | undefined {
  if (before === '-' && paths.includes('-')) return 'only one of the two revisions can come from stdin';
  if (outputs.filter(({ file }) => file === undefined).length > 1)
    return 'only one report can go to stdout; give the others a file: -o json=FILE';
  return outputs.some(({ file }) => file === '')
    ? 'the file of a report has no name: -o json=FILE'
    : undefined;
}

async function reviewPaths(
  paths: readonly string[],
  before: string | undefined,
  configuration: Configuration,
  io: Io,
): Promise<Report> {
  const errors: InputError[] = [];
  const read = (paths: readonly string[]) => Array.fromAsync(readSources(paths, io.stdin, errors));
  const sources = await read(paths);
  const previous = before === undefined ? undefined : await read([before]);
  return reviewRevision(sources, previous, dayOf(io.now), errors, configuration);
}

function outputsOf({ outputs, showNotes }: CheckOptions, io: Io): Output[] {
  return outputs.map(({ format, file }) => {
    const color = io.color && file === undefined;
    const reporter = format === 'json' ? new JsonReporter() : new TextReporter({ color, showNotes });
    return { file, reporter, text: '' };
  });
}

/** Not less than this is written to stdout at once, since each write costs a system call. */
const PAGE = 64 * 1024;

async function writeFullPages(outputs: readonly Output[], io: Io): Promise<void> {
  const full = outputs.find(({ file, text }) => file === undefined && text.length >= PAGE);
  if (full) await write(full, io);
}

/** False when the file cannot be written, which has been told then. */
async function write(output: Output, { stdout, stderr }: Io): Promise<boolean> {
  const { file, text } = output;
  output.text = '';
  try {
    if (file !== undefined) await fs.writeFile(file, text);
    else if (!stdout.destroyed && !stdout.write(text)) await once(stdout, 'drain').catch(() => {});
    return true;
  } catch (error) {
    stderr.write(`error: ${printable(file ?? 'stdout')} cannot be written: ${(error as Error).message}\n`);
    return false;
  }
}
