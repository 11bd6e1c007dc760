import type { Kind } from '../kubernetes/kinds.ts';
import { type KubeObject, valueAt } from '../kubernetes/object.ts';
import type { KubernetesVersion } from '../kubernetes/version.ts';
import type { Asker } from './subject.ts';

/**
 * A question that a rule needs answered before it can judge, as data: from these follow the look-ups, the
 * webhook's rights and the documentation. `Value` is what the rule is handed.
 */
export type Query<Value = unknown> = (
  | { readonly ask: 'as-written' }
  | { readonly ask: 'target-version' }
  | { readonly ask: 'asker' }
  | { readonly ask: 'alongside'; readonly kinds: readonly string[] }
  | { readonly ask: 'in-same-namespace'; readonly kind: Kind<unknown> }
  | {
      readonly ask: 'among-files';
      readonly kinds: readonly Kind<unknown>[];
      readonly within: 'run' | 'folder';
    }
  | { readonly ask: 'owned-by-release'; readonly kind: Kind<unknown>; readonly where: FieldSelector }
  | { readonly ask: 'named'; readonly kind: Kind<unknown>; readonly name: string }
  | {
      readonly ask: 'in-cluster';
      readonly kind: Kind<unknown>;
      readonly parts: readonly Part[];
      readonly where: FieldSelector;
    }
  | {
      readonly ask: 'in-namespace';
      readonly kind: Kind<unknown>;
      readonly parts: readonly Part[];
      /** The namespace itself, or where the subject names it. */
      readonly namespace: string | readonly string[];
    }
) & { readonly value?: Value };

/** Where what is needed of an object begins, `*` for every item of a list: `['spec', 'ports', '*', 'port']`. */
export type Part = readonly string[];

/** The manifest as its author wrote it, with the fields that the API server drops. */
export const asWritten: Query<KubeObject> = { ask: 'as-written' };

/**
 * The version of Kubernetes that a file is meant for, undefined where nobody has said. Nor is it known of a request: the
 * API server that sends it has accepted the object's version.
 */
export const targetVersion: Query<KubernetesVersion | undefined> = { ask: 'target-version' };

/** Who asks for the change; undefined where nobody is known to, as with files. */
export const asker: Query<Asker | undefined> = { ask: 'asker' };

/**
 * The objects that are applied in one go with the subject, in its namespace: the files of a run, the release. Only of
 * kinds, custom ones too, that have one of these words in their name. Undefined where it comes alone, as most requests.
 */
export function alongside(...kinds: readonly string[]): Query<readonly KubeObject[] | undefined> {
  return { ask: 'alongside', kinds };
}

/** Is the object of a kind that is asked for by {@link alongside}? */
export function isAlongside({ kind }: KubeObject, kinds: readonly string[]): boolean {
  return typeof kind === 'string' && kinds.some(word => kind.includes(word));
}

/** All objects of a kind in the subject's namespace. */
export function inSameNamespace<T>(kind: Kind<T>): Query<readonly T[]> {
  return { ask: 'in-same-namespace', kind };
}

/** What the files of a run hold beside a subject. */
export interface Siblings<T> {
  /** In the order of the files. The same list for every subject that is told the same. */
  readonly all: readonly T[];
  /** The one of `all` that is the subject itself, where it is among them. */
  readonly self: T | undefined;
}

/**
 * All objects of some kinds in the files that are checked together, or in those of the subject's folder. Nobody knows
 * what is sent together with a request: there they are none.
 */
export function amongFiles<T>(
  kinds: readonly Kind<T>[],
  within: 'run' | 'folder' = 'run',
): Query<Siblings<T>> {
  return { ask: 'among-files', kinds, within };
}

/** Values of fields, as the API server's field selectors take them: `{'spec.type': 'LoadBalancer'}`. */
export type FieldSelector = Readonly<Record<string, string>>;

/**
 * The existing objects of a kind that belong to the release under review, those alone whose fields have these values.
 * Of each no more than its metadata is known. Of an install there are none.
 */
export function ownedByRelease<T>(kind: Kind<T>, where: FieldSelector = {}): Query<readonly T[]> {
  return { ask: 'owned-by-release', kind, where };
}

/** The metadata of the cluster-wide object of that name, undefined where there is none. */
export function named<T>(kind: Kind<T>, name: string): Query<T | undefined> {
  return { ask: 'named', kind, name };
}

/**
 * All objects of a kind in the whole cluster, those alone whose fields have these values. Of each no more is known than
 * its name and these parts, which is what bounds the memory that a large cluster takes.
 */
export function inCluster<T>(
  kind: Kind<T>,
  parts: readonly Part[],
  where: FieldSelector = {},
): Query<readonly T[]> {
  return { ask: 'in-cluster', kind, parts, where };
}

/** These parts of all objects of a kind in one namespace: that of this name, or that which the subject names there. */
export function inNamespace<T>(
  kind: Kind<T>,
  namespace: string | readonly string[],
  parts: readonly Part[],
): Query<readonly T[]> {
  return { ask: 'in-namespace', kind, parts, namespace };
}

/** The namespace that is asked about for a subject; undefined where the subject names none. */
export function namespaceAsked(
  { namespace }: Query & { ask: 'in-namespace' },
  object: KubeObject,
): string | undefined {
  const named = typeof namespace === 'string' ? namespace : valueAt(object, namespace);
  return typeof named === 'string' && named !== '' ? named : undefined;
}

export type Needs = Readonly<Record<string, Query>>;
export type Known<N extends Needs> = { readonly [K in keyof N]: N[K] extends Query<infer V> ? V : never };

/** The kinds of which rules with these needs look other objects up among those that are there. */
export function lookedUpKinds(needs: readonly Needs[]): Kind<unknown>[] {
  const kinds = new Set<Kind<unknown>>();
  for (const query of needs.flatMap(each => Object.values(each))) {
    if (AMONG_ALL.has(query.ask) && 'kind' in query) kinds.add(query.kind);
  }
  return [...kinds];
}

const AMONG_ALL = new Set<Query['ask']>(['in-same-namespace', 'in-cluster', 'in-namespace']);
