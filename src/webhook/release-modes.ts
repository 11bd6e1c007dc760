import type { HelmRelease } from '../intake/helm-release.ts';
import { Namespace } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { named } from '../model/query.ts';
import { type Answer, known } from '../model/subject.ts';
import { labelledMode, type Mode, strictest } from '../model/verdict.ts';
import type { World } from '../model/world.ts';

/** The mode that counts for what a release does in a namespace, or to it; undefined where nobody has opted in. */
export type ModeIn = (namespace: string | null) => Mode | undefined;

/**
 * The mode of the release's own namespace, or of the one that it is stored in, counts for all that it does; in another
 * namespace, and for one that it changes or drops, the stricter of the two. A Namespace that the release brings has
 * the label that it brings too. Unknown where the release's own mode is.
 */
export function releaseModes(
  { subject, members }: HelmRelease,
  storedIn: string,
  world: World,
): Answer<ModeIn> {
  const brought = new Map(
    members.filter(({ kind }) => kind === Namespace).map(({ object }) => [object.metadata?.name, object]),
  );
  const labelled = (name: string): Answer<Mode | undefined> => {
    const live = world.ask(named(Namespace, name), subject);
    if (!live.known) return live;
    return known(strictest([live.value as KubeObject | undefined, brought.get(name)].map(labelledMode)));
  };
  const own = [storedIn, subject.object.metadata?.namespace ?? storedIn].map(labelled);
  const unknown = own.find(answer => !answer.known);
  if (unknown) return unknown as Answer<never>;
  const base = strictest(own.map(answer => (answer.known ? answer.value : undefined)));
  return known(namespace => {
    const there = namespace === null ? undefined : labelled(namespace);
    return strictest([base, there?.known ? there.value : undefined]);
  });
}
