import { zalandoThrottled } from '../incidents/zalando-credentials-throttled.ts';
import { ConfigMap, kindOf, podKinds, Secret, ServiceAccount } from '../kubernetes/kinds.ts';
import { nearName } from '../kubernetes/near-name.ts';
import { isMapping, type KubeObject } from '../kubernetes/object.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { type PodReference, podReferences } from '../kubernetes/pod-references.ts';
import { alongside } from '../model/query.ts';
import { rule } from '../model/rule.ts';

/** In the kinds of what makes Secrets of its own: ExternalSecret, SealedSecret, PlatformCredentialsSet. */
const MAKERS = ['Secret', 'Credential'];

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
  needs: { beside: alongside('ConfigMap', 'ServiceAccount', 'Certificate', 'Kustomization', ...MAKERS) },
  *check({ object, kind, known: { beside } }) {
    const pod = podTemplate(object, kind);
    // With nothing to compare with nothing is known: it may all be in the cluster.
    if (!pod || !beside?.length) return;
    const references = [...podReferences(pod)];
    const standing = byNameOf(beside);
    for (const reference of references) {
      const { name, by, path, key } = reference;
      const named = (standing.get(name) ?? []).filter(one => isOf(one, reference));
      if (named.length > 0) {
        if (reference.kind !== ConfigMap || !key || isMadeOf(name, beside)) continue;
        const keys = new Set(named.flatMap(keysOf));
        if (keys.size === 0 || keys.has(key.name)) continue;
        const near = nearName(key.name, keys);
        yield {
          path: key.path,
          what: `${by} wants key ${key.name} of ConfigMap ${name}, which has ${near === undefined ? 'no such key' : `${near} instead`}: the pod never starts`,
          fix: () =>
            near === undefined
              ? `give ConfigMap ${name} the key ${key.name}, or say optional: true if the pod can do without it`
              : `key: ${near}`,
          edits: near === undefined ? [] : [{ op: 'set', path: key.path, value: near }],
          severity: near === undefined ? 'note' : 'warn',
        };
        continue;
      }
      const others = new Map(
        beside.filter(one => mayStandFor(one, reference)).map(one => [nameOf(one), one]),
      );
      for (const other of references) if (other.kind === reference.kind) others.delete(other.name);
      const near = nearName(name, others.keys());
      if (near === undefined || isMadeOf(name, beside)) continue;
      yield {
        path,
        what: `${by} wants ${reference.kind.name} ${name}, but the name here is ${near}: ${reference.kind === ServiceAccount ? 'no such pod is made' : 'the pod never starts'}`,
        fix: () => `${path.at(-1)}: ${near}    # the name of the ${others.get(near)?.kind}`,
        edits: [{ op: 'set', path, value: near }],
      };
    }
  },
});

/** Thousands of pods stand beside the same. */
function byNameOf(beside: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> {
  const known = remembered.get(beside) ?? Map.groupBy(beside, nameOf);
  remembered.set(beside, known);
  return known;
}
const remembered = new WeakMap<readonly KubeObject[], Map<string, KubeObject[]>>();

function isOf(object: KubeObject, { kind }: PodReference): boolean {
  return kindOf(object) === kind;
}

function mayStandFor(object: KubeObject, reference: PodReference): boolean {
  const isMaker = reference.kind === Secret && MAKERS.some(word => object.kind?.includes(word));
  return isOf(object, reference) || isMaker;
}

function nameOf({ metadata }: KubeObject): string {
  return typeof metadata?.name === 'string' ? metadata.name : '';
}

function keysOf(configMap: KubeObject): string[] {
  return [configMap.data, configMap.binaryData].flatMap(data => (isMapping(data) ? Object.keys(data) : []));
}

/** Does anything that makes other objects speak of the name? */
function isMadeOf(name: string, beside: readonly KubeObject[]): boolean {
  const open: unknown[] = beside.filter(one => kindOf(one) === undefined);
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === name) return true;
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) if (inner !== undefined) open.push(inner);
  }
  return false;
}
