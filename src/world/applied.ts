import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import { type KubeObject, valueAt } from '../kubernetes/object.ts';
import type { Origin } from '../model/origin.ts';
import { isAlongside, namespaceAsked, type Query } from '../model/query.ts';
import { type Answer, known, type Subject } from '../model/subject.ts';
import type { World } from '../model/world.ts';

/** A world as it will be when these objects have been applied to it too. */
export function applied(subjects: readonly Pick<Subject, 'object' | 'origin'>[], world: World): World {
  const objects = subjects.map(({ object }) => object);
  const origins = new Map<object, Origin | undefined>(subjects.map(({ object, origin }) => [object, origin]));
  const kinds = Map.groupBy(objects, object => kindOf(object));
  // Thousands of objects in a few namespaces ask the same.
  const answers = new Map<Query | Kind<unknown>, Map<string, Answer<unknown>>>();
  const withAdded = (query: LookUp, subject: Subject): Answer<unknown> => {
    const answer = world.ask(query, subject);
    if (!answer.known) return answer;
    const members = kinds.get(query.kind) ?? [];
    const added = members.filter(object => isAsked(object, query, subject));
    // One that is to be another may no longer be among those that are asked for.
    const names = new Set(members.filter(one => isInReach(one, query, subject)).map(nameOf));
    const others = (answer.value as readonly KubeObject[]).filter(one => !names.has(nameOf(one)));
    return known([...added, ...others]);
  };
  const groups = Map.groupBy(objects, ({ metadata }) => metadata?.namespace ?? '');
  const besides = new WeakMap<Query, Map<string, Answer<unknown>>>();
  const beside = (query: Query & { ask: 'alongside' }, namespace: string): Answer<unknown> => {
    const byNamespace = besides.get(query) ?? new Map<string, Answer<unknown>>();
    besides.set(query, byNamespace);
    const answer =
      byNamespace.get(namespace) ??
      known((groups.get(namespace) ?? []).filter(object => isAlongside(object, query.kinds)));
    byNamespace.set(namespace, answer);
    return answer;
  };
  return {
    ask(query, subject) {
      if (query.ask === 'alongside') return beside(query, subject.object.metadata?.namespace ?? '');
      if (!isLookUp(query)) return world.ask(query, subject);
      const namespace = subject.object.metadata?.namespace;
      // Without one it depends on where they stand.
      if (query.ask === 'in-same-namespace' && namespace === undefined) return withAdded(query, subject);
      const key = query.ask === 'in-same-namespace' ? query.kind : query;
      const byNamespace = answers.get(key) ?? new Map<string, Answer<unknown>>();
      answers.set(key, byNamespace);
      const asked = namespaceOf(query, subject) ?? '';
      const answer = byNamespace.get(asked) ?? withAdded(query, subject);
      byNamespace.set(asked, answer);
      return answer;
    },
    originOf: object => origins.get(object) ?? world.originOf(object),
  };
}

type LookUp = Query & { ask: 'in-same-namespace' | 'in-cluster' | 'in-namespace' };

function isLookUp(query: Query): query is LookUp {
  return query.ask === 'in-same-namespace' || query.ask === 'in-cluster' || query.ask === 'in-namespace';
}

function namespaceOf(query: LookUp, { object }: Subject): string | undefined {
  switch (query.ask) {
    case 'in-same-namespace':
      return object.metadata?.namespace;
    case 'in-namespace':
      return namespaceAsked(query, object);
    default:
      return undefined;
  }
}

function isAsked(object: KubeObject, query: LookUp, subject: Subject): boolean {
  const where = query.ask === 'in-cluster' ? Object.entries(query.where) : [];
  return (
    isInReach(object, query, subject) &&
    where.every(([at, value]) => valueAt(object, at.split('.')) === value)
  );
}

/** Does it live where is looked? Where its namespace is not written, it may be any but that of the subject. */
function isInReach({ metadata }: KubeObject, query: LookUp, subject: Subject): boolean {
  if (query.ask === 'in-cluster') return true;
  const asked = namespaceOf(query, subject);
  if (query.ask === 'in-same-namespace') return metadata?.namespace === asked;
  return asked !== undefined && (metadata?.namespace ?? asked) === asked;
}

function nameOf({ metadata }: KubeObject): string {
  return JSON.stringify([metadata?.namespace, metadata?.name]);
}
