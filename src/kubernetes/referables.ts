import { ConfigMap, type Kind, kindOf, Secret, ServiceAccount } from './kinds.ts';
import { isMapping, type KubeObject } from './object.ts';
import type { PodReference } from './pod-references.ts';

/** In the kinds of what makes Secrets of its own: ExternalSecret, SealedSecret, PlatformCredentialsSet. */
export const MAKERS_OF_SECRETS = ['Secret', 'Credential'];

/** What pods of one namespace may refer to, looked through once for all of them. Takes any objects. */
export class Referables {
  readonly #byKind: ReadonlyMap<Kind<unknown>, ReadonlyMap<string, readonly KubeObject[]>>;
  readonly #makers: ReadonlyMap<string, KubeObject>;
  /** Every text in what may make other objects. */
  readonly #spokenOf: ReadonlySet<string>;
  readonly #keys = new Map<readonly KubeObject[], ReadonlySet<string>>();

  constructor(objects: readonly KubeObject[]) {
    const ofKind = (kind: Kind<unknown>) =>
      [
        kind,
        Map.groupBy(
          objects.filter(one => kindOf(one) === kind),
          nameOf,
        ),
      ] as const;
    this.#byKind = new Map([ConfigMap, Secret, ServiceAccount].map(ofKind));
    const foreign = objects.filter(one => kindOf(one) === undefined);
    this.#makers = new Map(foreign.filter(makesSecrets).map(one => [nameOf(one), one]));
    this.#spokenOf = textsIn(foreign);
  }

  /** The keys of what a pod refers to; undefined where it is not here. */
  keysOf({ kind, name }: PodReference): ReadonlySet<string> | undefined {
    const named = this.#byKind.get(kind)?.get(name);
    if (!named) return undefined;
    const keys = this.#keys.get(named) ?? new Set(named.flatMap(keysIn));
    this.#keys.set(named, keys);
    return keys;
  }

  /** The names of what is of a kind, or makes what is. */
  *namesFor(kind: Kind<unknown>): Generator<string> {
    yield* this.#byKind.get(kind)?.keys() ?? [];
    if (kind === Secret) yield* this.#makers.keys();
  }

  /** What one of those names stands for. */
  named(name: string, kind: Kind<unknown>): KubeObject | undefined {
    return this.#byKind.get(kind)?.get(name)?.[0] ?? (kind === Secret ? this.#makers.get(name) : undefined);
  }

  /** Does anything that makes other objects speak of the name? */
  isMade(name: string): boolean {
    return this.#spokenOf.has(name);
  }
}

function makesSecrets({ kind }: KubeObject): boolean {
  return MAKERS_OF_SECRETS.some(word => kind?.includes(word));
}

function nameOf({ metadata }: KubeObject): string {
  return typeof metadata?.name === 'string' ? metadata.name : '';
}

function keysIn(holder: KubeObject): string[] {
  return [holder.data, holder.binaryData].flatMap(data => (isMapping(data) ? Object.keys(data) : []));
}

function textsIn(objects: readonly KubeObject[]): Set<string> {
  const texts = new Set<string>();
  const open: unknown[] = [...objects];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === 'string') texts.add(value);
    if (typeof value !== 'object' || value === null) continue;
    for (const inner of Object.values(value)) if (inner !== undefined) open.push(inner);
  }
  return texts;
}
