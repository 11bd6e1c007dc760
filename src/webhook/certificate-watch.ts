import { type FSWatcher, watch } from 'node:fs';
import { dirname } from 'node:path';
import {
  type Certificate,
  CertificateError,
  type CertificateFiles,
  readCertificate,
} from './certificates.ts';

/** Certificate and key change one after the other: they are read when nothing has moved for so long. */
const SETTLE_MS = 100;
/** Not every file system tells of changes. */
const RECHECK_MS = 60_000;

export interface CertificateListener {
  /** There is a new pair, which can be used. */
  changed(certificate: Certificate): void;
  /** The files hold no usable pair, so the old one stays in use. Told once for each problem. */
  unusable(problem: string): void;
}

/**
 * Follows a pair of files as the kubelet swaps them. Their folders are watched, since a watch on a file that is a
 * symbolic link sees only the first swap.
 */
export class CertificateWatch {
  readonly #files: CertificateFiles;
  readonly #listener: CertificateListener;
  readonly #watchers: FSWatcher[] = [];
  readonly #interval: NodeJS.Timeout;
  #inUse: Certificate;
  #settling: NodeJS.Timeout | undefined;
  #problem: string | undefined;
  #closed = false;

  constructor(files: CertificateFiles, inUse: Certificate, listener: CertificateListener) {
    this.#files = files;
    this.#inUse = inUse;
    this.#listener = listener;
    for (const folder of new Set([dirname(files.certFile), dirname(files.keyFile)])) this.#watch(folder);
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
      this.#listener.unusable(`cannot watch ${folder}, so changes are noticed within a minute`);
    }
  }

  async #recheck(): Promise<void> {
    try {
      const found = await readCertificate(this.#files);
      if (this.#closed) return;
      this.#problem = undefined;
      if (found.cert === this.#inUse.cert && found.key === this.#inUse.key) return;
      this.#listener.changed(found);
      this.#inUse = found;
    } catch (error) {
      this.#complain(error instanceof CertificateError ? error.message : 'the certificate cannot be used');
    }
  }

  #complain(problem: string): void {
    if (!this.#closed && problem !== this.#problem) this.#listener.unusable(problem);
    this.#problem = problem;
  }
}
