/** A Kubernetes object as it travels: JSON, of any kind. What it holds is checked by whoever reads it. */
export interface KubeObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
  [field: string]: unknown;
}

export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: { kind?: string; name?: string; controller?: boolean }[];
  deletionTimestamp?: string;
  [field: string]: unknown;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of an own key; keys such as `constructor`, which every object inherits, count as absent. */
export function own(mapping: unknown, key: string): unknown {
  return isMapping(mapping) && Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}

/** Where something stands in an object: mapping keys and list indexes, from the root. */
export type Path = readonly (string | number)[];

/** As a step of a path: every item of a list. */
export const EVERY = '*';

/** The value at a path, or undefined where the path leaves the object. */
export function valueAt(object: unknown, path: readonly (string | number)[]): unknown {
  let value = object;
  for (const step of path) {
    if (typeof step === 'number') value = Array.isArray(value) ? value[step] : undefined;
    else value = own(value, step);
  }
  return value;
}

export function annotation(object: { metadata?: unknown } | undefined, key: string): string | undefined {
  const value = own(own(object?.metadata, 'annotations'), key);
  return typeof value === 'string' ? value : undefined;
}

/** `batch/v1` → `batch`, `v1` → the core group, which is written as the empty string. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
