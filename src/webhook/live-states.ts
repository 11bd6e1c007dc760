import { HOOK } from '../kubernetes/helm.ts';
import { Namespace } from '../kubernetes/kinds.ts';
import { annotation, type KubeObject } from '../kubernetes/object.ts';
import { named } from '../model/query.ts';
import { type Answer, type Operation, type State, type Subject, unknown } from '../model/subject.ts';
import type { World } from '../model/world.ts';
import type { LiveObjects } from '../world/live-objects.ts';

/** How long the API server may take to show all of them. */
const LOOK_UPS_MS = 1_000;
const MOST_LOOK_UPS = 500;

/**
 * Objects of a release with what they would change, so that an old fault is told from a new one: each is looked up in
 * the cluster. What cannot be found out counts as new in an install, and in an upgrade as neither.
 */
export async function withLiveStates(
  members: readonly Subject[],
  operation: Operation,
  { live, world }: { live: LiveObjects | undefined; world: World },
): Promise<Map<Subject, Subject>> {
  const signal = AbortSignal.timeout(LOOK_UPS_MS);
  const changes = await Promise.all(
    members.map(async (member, index): Promise<[Subject, Subject]> => {
      const looksUp = member.kind === Namespace || index < MOST_LOOK_UPS;
      const state = looksUp ? await stateOf(member, { live, world }, signal) : NOT_LOOKED_UP;
      return [member, changeOf(member, operation, state)];
    }),
  );
  return new Map(changes.filter(([member, change]) => change !== member));
}

const NOT_LOOKED_UP = unknown('it was not looked up');

/** What is there now. Of a hook that is not there nobody knows: it may be deleted after each run. */
async function stateOf(
  member: Subject,
  { live, world }: { live: LiveObjects | undefined; world: World },
  signal: AbortSignal,
): Promise<Answer<KubeObject | undefined>> {
  const { kind, object } = member;
  const { namespace, name = '' } = object.metadata ?? {};
  // All Namespaces are watched.
  if (kind === Namespace)
    return unlessHook(member, world.ask(named(Namespace, name), member) as Answer<KubeObject>);
  if (!live || !kind || !namespace || !name) return NOT_LOOKED_UP;
  return unlessHook(member, await live.get(kind, namespace, name, signal));
}

function unlessHook(
  { object }: Subject,
  state: Answer<KubeObject | undefined>,
): Answer<KubeObject | undefined> {
  const isAbsent = state.known && state.value === undefined;
  return isAbsent && annotation(object, HOOK) !== undefined ? unknown('a hook is not always there') : state;
}

function changeOf(member: Subject, operation: Operation, state: Answer<KubeObject | undefined>): Subject {
  if (state.known ? state.value === undefined : operation === 'CREATE') return member;
  const previous: State = state.known
    ? { object: state.value ?? {}, asWritten: unknown('Helm leaves no record of how an object was written') }
    : { object: member.object, asWritten: state as Answer<never>, unreadable: state.because };
  return { ...member, operation: 'UPDATE', previous };
}
