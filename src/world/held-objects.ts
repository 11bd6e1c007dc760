import { HOOK, RELEASE_NAME, RELEASE_NAMESPACE, RESOURCE_POLICY } from '../kubernetes/helm.ts';
import type { Kind } from '../kubernetes/kinds.ts';
import { annotation, EVERY, isMapping, type KubeObject, type ObjectMeta, own } from '../kubernetes/object.ts';
import { isForUs } from '../model/annotations.ts';
import type { Part } from '../model/query.ts';
import { MODE_LABEL } from '../model/verdict.ts';
import { apiVersionOf } from './api-path.ts';

/** Longer values are left out as if they were not there: whatever they say is nothing that anybody reads. */
const LONGEST_VALUE = 1000;
/** More of those that somebody makes up than any object needs. */
const MOST_ANNOTATIONS = 50;

const OF_HELM = [RELEASE_NAME, RELEASE_NAMESPACE, RESOURCE_POLICY, HOOK];

/** The objects of one kind, as far as anything is read of them. */
export class HeldObjects {
  readonly #apiVersion: string;
  readonly #kind: string;
  readonly #parts: readonly Part[];
  readonly #byNamespace = new Map<string, Map<string, KubeObject>>();
  #all: readonly KubeObject[] | undefined;
  /** Those that Helm owns and that are not on their way out. */
  readonly #byRelease = new Map<string, Set<KubeObject>>();

  constructor(kind: Kind<unknown>, parts: readonly Part[]) {
    this.#apiVersion = apiVersionOf(kind);
    this.#kind = kind.name;
    this.#parts = parts;
  }

  get size(): number {
    return this.#byNamespace.values().reduce((sum, { size }) => sum + size, 0);
  }

  /** The same list as long as nothing changes. */
  get all(): readonly KubeObject[] {
    this.#all ??= this.#byNamespace
      .values()
      .flatMap(objects => objects.values())
      .toArray();
    return this.#all;
  }

  in(namespace: string): readonly KubeObject[] {
    return [...(this.#byNamespace.get(namespace)?.values() ?? [])];
  }

  /** The cluster-wide object of that name. */
  named(name: string): KubeObject | undefined {
    return this.#byNamespace.get('')?.get(name);
  }

  /** What a release owns, but for what is being deleted already. */
  ownedBy(name: string, namespace: string): readonly KubeObject[] {
    return [...(this.#byRelease.get(releaseKey(name, namespace)) ?? [])];
  }

  /** Holds an object, in the place of the one with its name. Most of what it carries is left: managed fields and such. */
  put(object: unknown): void {
    this.drop(object);
    const [namespace, name] = identity(object);
    const whole: KubeObject = {
      // The items of a list have no type of their own, and metadata alone have another.
      apiVersion: this.#apiVersion,
      kind: this.#kind,
      metadata: heldMetadata(own(object, 'metadata')),
    };
    const held = this.#parts.reduce<KubeObject>(
      (held, part) => withPart(held, object, part) as KubeObject,
      whole,
    );
    const others = this.#byNamespace.get(namespace) ?? new Map<string, KubeObject>();
    this.#all = undefined;
    this.#byNamespace.set(namespace, others.set(name, held));
    const release = releaseOf(held);
    if (release === undefined) return;
    const owned = this.#byRelease.get(release) ?? new Set();
    this.#byRelease.set(release, owned.add(held));
  }

  drop(object: unknown): void {
    const [namespace, name] = identity(object);
    const others = this.#byNamespace.get(namespace);
    const held = others?.get(name);
    if (!others || !held) return;
    this.#all = undefined;
    others.delete(name);
    if (others.size === 0) this.#byNamespace.delete(namespace);
    const release = releaseOf(held);
    const owned = release === undefined ? undefined : this.#byRelease.get(release);
    owned?.delete(held);
    if (release !== undefined && owned?.size === 0) this.#byRelease.delete(release);
  }
}

/** What is held with one part more of the object: of lists every item has its place, whatever is held of it. */
function withPart(held: unknown, object: unknown, [step, ...rest]: Part): unknown {
  if (step === undefined) return typeof object === 'string' ? text(object) : object;
  if (step === EVERY) {
    if (!Array.isArray(object)) return held;
    return object.map(
      (item, index) => withPart(Array.isArray(held) ? held[index] : undefined, item, rest) ?? {},
    );
  }
  const value = withPart(own(held, step), own(object, step), rest);
  return value === undefined ? held : { ...Object(held), [step]: value };
}

function identity(object: unknown): [namespace: string, name: string] {
  const metadata = own(object, 'metadata');
  return [text(own(metadata, 'namespace')) ?? '', text(own(metadata, 'name')) ?? ''];
}

function heldMetadata(metadata: unknown): ObjectMeta {
  const held: ObjectMeta = { name: text(own(metadata, 'name')) ?? '' };
  const namespace = text(own(metadata, 'namespace'));
  if (namespace !== undefined) held.namespace = namespace;
  const deletion = text(own(metadata, 'deletionTimestamp'));
  if (deletion !== undefined) held.deletionTimestamp = deletion;
  const mode = text(own(own(metadata, 'labels'), MODE_LABEL));
  if (mode !== undefined) held.labels = { [MODE_LABEL]: mode };
  const annotations = heldAnnotations(own(metadata, 'annotations'));
  if (annotations.length > 0) held.annotations = Object.fromEntries(annotations);
  return held;
}

function heldAnnotations(annotations: unknown): [key: string, value: string][] {
  if (!isMapping(annotations)) return [];
  const keys = Object.keys(annotations).filter(isForUs).slice(0, MOST_ANNOTATIONS);
  return [...OF_HELM, ...keys].flatMap(key => {
    const value = text(own(annotations, key));
    return value === undefined ? [] : [[key, value] as [string, string]];
  });
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= LONGEST_VALUE ? value : undefined;
}

function releaseOf(held: KubeObject): string | undefined {
  if (held.metadata?.deletionTimestamp !== undefined) return undefined;
  const [name, namespace] = [annotation(held, RELEASE_NAME), annotation(held, RELEASE_NAMESPACE)];
  return name === undefined || namespace === undefined ? undefined : releaseKey(name, namespace);
}

function releaseKey(name: string, namespace: string): string {
  return JSON.stringify([namespace, name]);
}
