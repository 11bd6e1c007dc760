import type { Kind } from '../kubernetes/kinds.ts';
import { type KubeObject, own } from '../kubernetes/object.ts';

/** The objects of one kind, as far as rules read them: apiVersion, kind, name, namespace and spec of each. */
export class HeldObjects {
  readonly apiVersion: string;
  readonly #kind: string;
  #byNamespace = new Map<string, Map<string, KubeObject>>();

  constructor({ group, name, versions }: Kind<unknown>) {
    const version = versions.at(-1) ?? '';
    this.apiVersion = group === '' ? version : `${group}/${version}`;
    this.#kind = name;
  }

  in(namespace: string): readonly KubeObject[] {
    return [...(this.#byNamespace.get(namespace)?.values() ?? [])];
  }

  /** Forgets all and holds these. */
  replace(items: readonly unknown[]): void {
    this.#byNamespace = new Map();
    for (const item of items) this.put(item);
  }

  /** Holds an object, in the place of the one with its name. Most of what it carries is left: managed fields and such. */
  put(object: unknown): void {
    const [namespace, name] = [text(object, 'namespace'), text(object, 'name')];
    const others = this.#byNamespace.get(namespace) ?? new Map<string, KubeObject>();
    this.#byNamespace.set(namespace, others);
    others.set(name, {
      // The items of a list have no type of their own.
      apiVersion: this.apiVersion,
      kind: this.#kind,
      metadata: { name, namespace },
      spec: own(object, 'spec'),
    });
  }

  drop(object: unknown): void {
    const namespace = text(object, 'namespace');
    const others = this.#byNamespace.get(namespace);
    others?.delete(text(object, 'name'));
    if (others?.size === 0) this.#byNamespace.delete(namespace);
  }
}

function text(object: unknown, field: 'name' | 'namespace'): string {
  const value = own(own(object, 'metadata'), field);
  return typeof value === 'string' ? value : '';
}
