import { HOOK } from '../kubernetes/helm.ts';
import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import { annotation, type KubeObject, valueAt } from '../kubernetes/object.ts';
import type { Origin } from '../model/origin.ts';
import { type FieldSelector, isAlongside, namespaceAsked, type Query } from '../model/query.ts';
import { type Answer, known, type Subject, unknown } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import { FileSet, folderOf, type Member } from './file-set.ts';

interface Bundled {
  object: KubeObject;
  origin: Origin;
}

/**
 * The world of a run over files, which are taken for the whole: what only the cluster has is not seen. `before` holds
 * the previous revision, where one was given; `members` is what rules see of what is checked together.
 */
export function bundle(
  objects: readonly Bundled[],
  before: readonly Bundled[] | undefined,
  members: readonly Member[] = [],
): World {
  const origins = new Map<object, Origin>();
  for (const { object, origin } of [...objects, ...(before ?? [])]) origins.set(object, origin);
  const kinds = Map.groupBy(objects, ({ object }) => kindOf(object));
  const byNamespace = new Map<Kind<unknown>, Map<unknown, KubeObject[]>>();
  const namespacesOf = (kind: Kind<unknown>) => {
    const known =
      byNamespace.get(kind) ??
      Map.groupBy(objectsOf(kind, kinds), ({ metadata }) => metadata?.namespace ?? undefined);
    byNamespace.set(kind, known);
    return known;
  };
  const now = new FileSet(members);
  const previous = new FileSet((before ?? []).map(({ object, origin }) => ({ object, file: origin.file })));
  const homes = Map.groupBy(objects, homeOf);
  const answers = new WeakMap<Query, Map<string, Answer<unknown>>>();
  return {
    ask(query, subject) {
      const files = { kinds, namespacesOf, homes, before };
      const asked = whatIsAsked(query, subject);
      if (asked === undefined) return answer(query, subject, files);
      const told = answers.get(query) ?? new Map<string, Answer<unknown>>();
      answers.set(query, told);
      const again = told.get(asked) ?? answer(query, subject, files);
      told.set(asked, again);
      return again;
    },
    siblings: (query, subject) =>
      previous.siblings(query, subject.object, previous.fileOf(subject.object)) ??
      now.siblings(query, subject.object, subject.origin?.file),
    originOf: object => origins.get(object),
  };
}

/** By kind and by where they live. */
interface Files {
  kinds: ReadonlyMap<Kind<unknown> | undefined, readonly Bundled[]>;
  namespacesOf: (kind: Kind<unknown>) => ReadonlyMap<unknown, readonly KubeObject[]>;
  homes: ReadonlyMap<string, readonly Bundled[]>;
  before: readonly Bundled[] | undefined;
}

/** All that the answer depends on beside the query, where thousands of objects in a few namespaces ask the same. */
function whatIsAsked(query: Query, subject: Subject): string | undefined {
  switch (query.ask) {
    case 'alongside':
    case 'in-same-namespace':
      return homeOf(subject);
    case 'in-cluster':
      return '';
    case 'in-namespace':
      return namespaceAsked(query, subject.object) ?? '';
    default:
      return undefined;
  }
}

function answer(
  query: Query,
  subject: Subject,
  { kinds, namespacesOf, homes, before }: Files,
): Answer<unknown> {
  switch (query.ask) {
    case 'alongside':
      return known(beside(subject, homes).filter(object => isAlongside(object, query.kinds)));
    case 'in-same-namespace':
      return known(beside(subject, homes).filter(object => kindOf(object) === query.kind));
    case 'owned-by-release':
      if (subject.operation === 'CREATE') return known([]);
      return before
        ? known(before.map(({ object }) => object).filter(object => isAsked(object, query)))
        : unknown('there is no previous revision to compare with');
    case 'in-cluster':
      return known(objectsOf(query.kind, kinds).filter(object => hasFields(object, query.where)));
    case 'in-namespace': {
      const asked = namespaceAsked(query, subject.object);
      if (asked === undefined) return known([]);
      const namespaces = namespacesOf(query.kind);
      // Where none is written, it may be any.
      return known([...(namespaces.get(asked) ?? []), ...(namespaces.get(undefined) ?? [])]);
    }
    case 'named':
      return known(
        (kinds.get(query.kind) ?? []).find(({ object }) => object.metadata?.name === query.name)?.object,
      );
    default:
      return unknown('files do not tell');
  }
}

/** A hook belongs to no release, though it is rendered with it. */
function isAsked(object: KubeObject, { kind, where }: Query & { ask: 'owned-by-release' }): boolean {
  if (annotation(object, HOOK) !== undefined) return false;
  return kindOf(object) === kind && hasFields(object, where);
}

function hasFields(object: KubeObject, where: FieldSelector): boolean {
  return Object.entries(where).every(([at, value]) => valueAt(object, at.split('.')) === value);
}

function objectsOf(kind: Kind<unknown>, kinds: Files['kinds']): KubeObject[] {
  return (kinds.get(kind) ?? []).map(({ object }) => object);
}

/** What lives where the subject does. */
function beside(subject: Subject, homes: Files['homes']): KubeObject[] {
  return (homes.get(homeOf(subject)) ?? []).map(({ object }) => object);
}

/** Where no namespace is written, those that stand in one folder are meant for one namespace. */
function homeOf({ object, origin }: Pick<Subject, 'object' | 'origin'>): string {
  const namespace: unknown = object.metadata?.namespace;
  return typeof namespace === 'string' ? `namespace ${namespace}` : `folder ${folderOf(origin?.file ?? '')}`;
}
