import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import type { Origin } from '../model/origin.ts';
import { known, type Subject } from '../model/subject.ts';
import type { World } from '../model/world.ts';

/** A world as it will be when these objects have been applied to it too. */
export function applied(subjects: readonly Pick<Subject, 'object' | 'origin'>[], world: World): World {
  const objects = subjects.map(({ object }) => object);
  const origins = new Map<object, Origin | undefined>(subjects.map(({ object, origin }) => [object, origin]));
  const kinds = Map.groupBy(objects, object => kindOf(object));
  const inNamespace = (kind: Kind<unknown>, namespace: string | undefined) =>
    (kinds.get(kind) ?? []).filter(object => object.metadata?.namespace === namespace);
  return {
    ask(query, subject) {
      const answer = world.ask(query, subject);
      if (query.ask !== 'in-same-namespace' || !answer.known) return answer;
      const added = inNamespace(query.kind, subject.object.metadata?.namespace);
      const names = new Set(added.map(({ metadata }) => metadata?.name));
      const others = (answer.value as readonly (typeof objects)[number][]).filter(
        ({ metadata }) => !names.has(metadata?.name),
      );
      return known([...added, ...others]);
    },
    originOf: object => origins.get(object) ?? world.originOf(object),
  };
}
