import { zalandoThrottled } from '../incidents/zalando-credentials-throttled.ts';
import { ConfigMap, podKinds, ServiceAccount } from '../kubernetes/kinds.ts';
import { nearName } from '../kubernetes/near-name.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { type PodReference, podReferences } from '../kubernetes/pod-references.ts';
import { MAKERS_OF_SECRETS, Referables } from '../kubernetes/referables.ts';
import { alongside } from '../model/query.ts';
import { type Fault, rule } from '../model/rule.ts';

/** Nobody misspells more in one pod: what so many names stand for is elsewhere. */
const MOST_GUESSES = 100;

export default rule({
  id: 'reference-missing',
  title: 'A pod refers to something by a name that is probably misspelled',
  severity: 'warn',
  lessons: [zalandoThrottled.lessons.podsWaitForSecrets],
  why:
    'A pod whose ConfigMap, Secret or key is not there is made and waits for ever, and only its events say ' +
    'why; without its ServiceAccount it is not even made. A rollout stops there, and what is scaled up or moved to ' +
    'another node does not come back.',
  unless: 'both names exist: something else makes the one that is not among the files',
  kinds: podKinds,
  // Of a Certificate and a Kustomization no more is wanted than the names that they speak of.
  needs: {
    beside: alongside('ConfigMap', 'ServiceAccount', 'Certificate', 'Kustomization', ...MAKERS_OF_SECRETS),
  },
  *check({ object, kind, known: { beside } }) {
    const pod = podTemplate(object, kind);
    // With nothing to compare with nothing is known: it may all be in the cluster.
    if (!pod || !beside?.length) return;
    const references = [...podReferences(pod)];
    const guess = guesser(references, referablesAmong(beside));
    for (const reference of references) yield* guess(reference);
  },
});

function guesser(
  references: readonly PodReference[],
  there: Referables,
): (reference: PodReference) => Generator<Fault> {
  const inUse = new Set(references.map(({ kind, name }) => `${kind.name} ${name}`));
  const guesses = new Map<string, string | undefined>();
  const likeliest = (name: string, among: string, others: Iterable<string>) => {
    const asked = `${among} ${name}`;
    if (!guesses.has(asked) && guesses.size < MOST_GUESSES) guesses.set(asked, nearName(name, others));
    return guesses.get(asked);
  };
  return function* (reference) {
    const { kind, name, key } = reference;
    const keys = there.keysOf(reference);
    if (there.isMade(name)) return;
    if (!keys) {
      const others = there.namesFor(kind).filter(other => !inUse.has(`${kind.name} ${other}`));
      const near = likeliest(name, kind.name, others);
      if (near !== undefined) yield wrongName(reference, near, there.named(near, kind)?.kind);
    } else if (kind === ConfigMap && key && keys.size > 0 && !keys.has(key.name)) {
      yield wrongKey(reference, key, likeliest(key.name, `${kind.name} ${name}`, keys));
    }
  };
}

function wrongName({ kind, name, path, by }: PodReference, near: string, ofKind: string | undefined): Fault {
  return {
    path,
    what: `${by} wants ${kind.name} ${name}, but the name here is ${near}: ${kind === ServiceAccount ? 'no such pod is made' : 'the pod never starts'}`,
    fix: () => `${path.at(-1)}: ${near}    # the name of the ${ofKind}`,
    edits: [{ op: 'set', path, value: near }],
  };
}

function wrongKey(
  { name, by }: PodReference,
  key: NonNullable<PodReference['key']>,
  near: string | undefined,
): Fault {
  return {
    path: key.path,
    what: `${by} wants key ${key.name} of ConfigMap ${name}, which has ${near === undefined ? 'no such key' : `${near} instead`}: the pod never starts`,
    fix: () =>
      near === undefined
        ? `give ConfigMap ${name} the key ${key.name}, or say optional: true if the pod can do without it`
        : `key: ${near}`,
    edits: near === undefined ? [] : [{ op: 'set', path: key.path, value: near }],
    severity: near === undefined ? 'note' : 'warn',
  };
}

/** Thousands of pods stand beside the same. */
function referablesAmong(beside: readonly KubeObject[]): Referables {
  const known = remembered.get(beside) ?? new Referables(beside);
  remembered.set(beside, known);
  return known;
}
const remembered = new WeakMap<readonly KubeObject[], Referables>();
