import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Origin } from '../model/origin.ts';
import type { Query } from '../model/query.ts';
import { type Answer, known, type Subject } from '../model/subject.ts';
import type { World } from '../model/world.ts';

/** A world as it will be when these objects have been applied to it too. */
export function applied(subjects: readonly Pick<Subject, 'object' | 'origin'>[], world: World): World {
  const objects = subjects.map(({ object }) => object);
  const origins = new Map<object, Origin | undefined>(subjects.map(({ object, origin }) => [object, origin]));
  const kinds = Map.groupBy(objects, object => kindOf(object));
  const inNamespace = (kind: Kind<unknown>, namespace: string | undefined) =>
    (kinds.get(kind) ?? []).filter(object => object.metadata?.namespace === namespace);
  // Thousands of objects in a few namespaces ask the same.
  const answers = new Map<Kind<unknown>, Map<string, Answer<unknown>>>();
  const withAdded = (query: Query & { ask: 'in-same-namespace' }, subject: Subject): Answer<unknown> => {
    const answer = world.ask(query, subject);
    if (!answer.known) return answer;
    const added = inNamespace(query.kind, subject.object.metadata?.namespace);
    const names = new Set(added.map(({ metadata }) => metadata?.name));
    const others = (answer.value as readonly KubeObject[]).filter(
      ({ metadata }) => !names.has(metadata?.name),
    );
    return known([...added, ...others]);
  };
  return {
    ask(query, subject) {
      if (query.ask !== 'in-same-namespace') return world.ask(query, subject);
      const namespace = subject.object.metadata?.namespace;
      // Without one it depends on where they stand.
      if (namespace === undefined) return withAdded(query, subject);
      const byNamespace = answers.get(query.kind) ?? new Map<string, Answer<unknown>>();
      answers.set(query.kind, byNamespace);
      const answer = byNamespace.get(namespace) ?? withAdded(query, subject);
      byNamespace.set(namespace, answer);
      return answer;
    },
    originOf: object => origins.get(object) ?? world.originOf(object),
  };
}
