import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';

/** Files that belong together change one after the other: they are read when nothing has moved for so long. */
const SETTLE_MS = 100;
/** Not every file system tells of changes. */
const RECHECK_MS = 60_000;

/** How something is read from files. */
export interface Reading<T> {
  files: readonly string[];
  read(): Promise<T>;
  same(one: T, other: T): boolean;
  /** What may be told of an error of `read`. */
  problemOf(error: unknown): string;
}

export interface FileListener<T> {
  /** There is a new version, which can be used. */
  changed(version: T): void;
  /** The files hold nothing usable, so the old version stays in use. Told once for each problem. */
  unusable(problem: string): void;
  /** After that: the files hold the version in use again. */
  recovered?(): void;
}

/**
 * Follows files as the kubelet swaps them. Their folders are watched, since a watch on a file that is a symbolic link
 * sees only the first swap.
 */
export class FileWatch<T> {
  readonly #reading: Reading<T>;
  readonly #listener: FileListener<T>;
  readonly #watchers: FSWatcher[] = [];
  readonly #interval: NodeJS.Timeout;
  #inUse: T;
  #settling: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #closed = false;

  constructor(reading: Reading<T>, inUse: T, listener: FileListener<T>) {
    this.#reading = reading;
    this.#inUse = inUse;
    this.#listener = listener;
    for (const folder of new Set(reading.files.map(file => dirname(file)))) this.#watch(folder);
    this.#interval = setInterval(() => this.#recheck(), RECHECK_MS).unref();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#interval);
    clearTimeout(this.#settling);
    for (const watcher of this.#watchers) watcher.close();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, () => {
        clearTimeout(this.#settling);
        this.#settling = setTimeout(() => this.#recheck(), SETTLE_MS);
      });
      // A folder that goes away, or too many watches: the interval is left.
      this.#watchers.push(watcher.on('error', () => {}));
    } catch {
      this.#complain(`cannot watch ${folder}, so changes are noticed within a minute`);
    }
  }

  async #recheck(): Promise<void> {
    try {
      const found = await this.#reading.read();
      if (this.#closed) return;
      const failedBefore = this.#problem !== undefined;
      this.#problem = undefined;
      if (!this.#reading.same(found, this.#inUse)) {
        this.#listener.changed(found);
        this.#inUse = found;
      } else if (failedBefore) {
        this.#listener.recovered?.();
      }
    } catch (error) {
      this.#complain(this.#reading.problemOf(error));
    }
  }

  #complain(problem: string): void {
    if (!this.#closed && problem !== this.#problem) this.#listener.unusable(problem);
    this.#problem = problem;
  }
}
