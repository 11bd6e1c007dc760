import type { InputError, Review } from '../model/report.ts';
import type { Summary } from './summary.ts';

/** Writes a report while the reviews are made. */
export interface Reporter {
  /** What can be written of one more review at once. */
  add(review: Review): string;
  /** What is written when all of them are in. */
  end(errors: readonly InputError[], summary: Summary): string;
}
