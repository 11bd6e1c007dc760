import { globSync } from 'node:fs';
import Mocha from 'mocha';

/** What the code that Stryker has instrumented reads, and counts in. */
interface Instrumentation {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: unknown;
}

interface MutantRun {
  activeMutant: { id: string };
  /** Full titles of the tests that reach the mutant; all of them when left out. */
  testFilter?: string[];
  hitLimit?: number;
}

/** Numbered as Stryker's TestStatus. */
const SUCCESS = 0;
const FAILED = 1;

interface Ran {
  id: string;
  name: string;
  status: typeof SUCCESS | typeof FAILED;
  timeSpentMs: number;
  failureMessage?: string;
}

class Silent {}
const shared = globalThis as typeof globalThis & { __stryker__?: Instrumentation };
shared.__stryker__ ??= {};
const instrumentation = shared.__stryker__;

/** Runs mocha's tests in one process, over and over. Stryker's own runner reaches into an older mocha's insides. */
class MochaRunner {
  readonly #files: readonly string[];
  #mocha: Mocha | undefined;

  constructor(files: readonly string[]) {
    this.#files = files;
  }

  /** What is run while a module loads cannot be run again: Stryker is to start a new process for that. */
  capabilities() {
    return { reloadEnvironment: false };
  }

  async dryRun() {
    const tests = await this.#run(undefined);
    return { status: 'complete', tests, mutantCoverage: instrumentation.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRun) {
    Object.assign(instrumentation, { activeMutant: activeMutant.id, hitCount: 0, hitLimit });
    const tests = await this.#run(testFilter);
    if (hitLimit !== undefined && (instrumentation.hitCount ?? 0) > hitLimit) return { status: 'timeout' };
    const failed = tests.find(({ status }) => status === FAILED);
    if (!failed) return { status: 'survived', nrOfTests: tests.length };
    const { id, failureMessage } = failed;
    return { status: 'killed', killedBy: [id], failureMessage, nrOfTests: tests.length };
  }

  async #run(titles: readonly string[] | undefined): Promise<Ran[]> {
    this.#mocha ??= await load(this.#files);
    const mocha = this.#mocha.grep(titles ? new RegExp(`^(?:${titles.map(RegExp.escape).join('|')})$`) : /^/);
    const ran: Ran[] = [];
    await new Promise(resolve => {
      const told = (test: Mocha.Test | Mocha.Hook, status: Ran['status'], failureMessage = '') => {
        const id = test.fullTitle();
        ran.push({ id, name: id, status, timeSpentMs: test.duration ?? 0, failureMessage });
      };
      mocha
        .run(resolve)
        .on('pass', test => told(test, SUCCESS))
        .on('fail', (test, error) => told(test, FAILED, error?.stack ?? 'failed'));
    });
    return ran;
  }
}

async function load(files: readonly string[]): Promise<Mocha> {
  const mocha = new Mocha({ reporter: Silent as never, timeout: 20_000, bail: true });
  mocha.cleanReferencesAfterRun(false);
  mocha.rootHooks({
    beforeEach(this: Mocha.Context) {
      instrumentation.currentTestId = this.currentTest?.fullTitle();
    },
    afterEach() {
      instrumentation.currentTestId = undefined;
    },
  });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return mocha;
}

function createRunner(_logger: unknown, { mutationTests }: { mutationTests: string[] }): MochaRunner {
  return new MochaRunner(globSync(mutationTests).sort());
}
createRunner.inject = ['logger', 'options'];

export const strykerPlugins = [{ kind: 'TestRunner', name: 'mocha-here', factory: createRunner }];
