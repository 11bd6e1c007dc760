import { Namespace } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
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
      const state =
        member.kind === Namespace
          ? namespaceOf(member, world)
          : live && index < MOST_LOOK_UPS
            ? await stateOf(member, live, signal)
            : unknown('it was not looked up');
      return [member, changeOf(member, operation, state)];
    }),
  );
  return new Map(changes.filter(([member, change]) => change !== member));
}

/** All Namespaces are watched. One that is not there may be that of a hook which is deleted after each run. */
function namespaceOf(member: Subject, world: World): Answer<KubeObject | undefined> {
  const state = world.ask(named(Namespace, member.object.metadata?.name ?? ''), member);
  if (state.known && state.value === undefined) return unknown('there is no such Namespace at the moment');
  return state as Answer<KubeObject | undefined>;
}

async function stateOf(
  { kind, object }: Subject,
  live: LiveObjects,
  signal: AbortSignal,
): Promise<Answer<KubeObject | undefined>> {
  const { namespace, name } = object.metadata ?? {};
  return kind && namespace && name ? live.get(kind, namespace, name, signal) : unknown('it has no place');
}

function changeOf(member: Subject, operation: Operation, state: Answer<KubeObject | undefined>): Subject {
  if (state.known ? state.value === undefined : operation === 'CREATE') return member;
  const previous: State = state.known
    ? { object: state.value ?? {}, asWritten: unknown('Helm leaves no record of how an object was written') }
    : { object: member.object, asWritten: state as Answer<never>, unreadable: state.because };
  return { ...member, operation: 'UPDATE', previous };
}
