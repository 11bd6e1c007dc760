import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeObject } from '../../src/kubernetes/object.ts';

/** An AdmissionReview as the API server sends it. */
export interface ReviewBody {
  apiVersion: string;
  kind: string;
  request: {
    uid: string;
    kind: { group: string; version: string; kind: string };
    operation: string;
    name?: string;
    namespace?: string;
    subResource?: string;
    userInfo: { username: string };
    object: KubeObject | null;
    oldObject: KubeObject | null;
    options: Record<string, unknown> | null;
    [field: string]: unknown;
  };
}

/** The recorded AdmissionReviews, without their managed fields; a fresh copy each time. */
export function capture(name: string): ReviewBody {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${name}.json`), 'utf8'));
}

export const captures: readonly string[] = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.json'))
  .map(file => file.slice(0, -'.json'.length));
