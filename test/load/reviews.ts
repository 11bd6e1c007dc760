import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { admissionReview } from '../../demo/admission-request.ts';
import { readObjects } from '../../src/intake/files.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';

const CASE = join(
  import.meta.dirname,
  '../rules/probe-exec-without-init/good/datadog-exec-probe-zombies.yaml',
);
const innocent = readObjects({ file: CASE, text: readFileSync(CASE, 'utf8') }).objects[0]?.object;

export interface ReviewsOptions {
  /** Of one review, all in all, unless it is larger by itself. */
  bytes: number;
  /** How many different ones; 1 when left out. */
  count?: number;
  /** Are they of an UPDATE, with the object as it was? */
  update?: boolean;
}

/** The review of an object in which no rule finds a fault, made larger by its managed fields. */
export function review({ bytes, update = false }: ReviewsOptions, number = 0): string {
  const written = { ...(innocent as KubeObject) };
  written.metadata = { ...written.metadata, name: `shop-${number}`, namespace: 'shop' };
  const { request, ...head } = admissionReview({
    operation: update ? 'UPDATE' : 'CREATE',
    object: written,
    oldObject: update ? written : undefined,
  });
  const text = (fields: string) => {
    const managedFields = [{ manager: 'kubectl', operation: 'Update', fieldsV1: { fields } }];
    const grown = (object: KubeObject) => ({ ...object, metadata: { ...object.metadata, managedFields } });
    const oldObject = request.oldObject && grown(request.oldObject);
    const object = request.object && grown(request.object);
    return JSON.stringify({ ...head, request: { ...request, object, oldObject } });
  };
  const missing = bytes - text('').length;
  return text('x'.repeat(Math.max(0, Math.floor(missing / (update ? 2 : 1)))));
}

/** Writes reviews to a file, one a line. Gives its path. */
export function writeReviews(folder: string, name: string, options: ReviewsOptions): string {
  const file = join(folder, `${name}.jsonl`);
  const lines = Array.from({ length: options.count ?? 1 }, (_, number) => review(options, number));
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
