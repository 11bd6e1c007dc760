import type { Edit } from '../kubernetes/edit.ts';
import type { Path } from './path.ts';

/** Where an object came from: a document of a file, of which places can be shown. */
export interface Origin {
  readonly file: string;
  /** The template of a Helm chart that it was rendered from: `shop/templates/web.yaml`. */
  readonly template: string | undefined;
  /** The place of a path, or of its nearest ancestor that is written down. Lines and columns count from 1. */
  locate(path: Path): { line: number; column: number; length: number };
  lineText(line: number): string;
  /** The document's text, and the same text after the edits, where they can be expressed on it. */
  edited(edits: readonly Edit[]): Edited | undefined;
}

export interface Edited {
  before: string;
  after: string;
  /** Where the document begins in its file: the offset, and the line, which counts from 1. */
  start: number;
  line: number;
}
