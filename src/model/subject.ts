import type { Kind } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import type { Origin } from './origin.ts';
import { printable } from './printable.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE';

/** What a look-up brought, or why nothing could be brought. The two are never mixed up. */
export type Answer<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly because: string };

export function known<T>(value: T): Answer<T> {
  return { known: true, value };
}

export function unknown(because: string): Answer<never> {
  return { known: false, because };
}

/** One state of an object. */
export interface State {
  readonly object: KubeObject;
  /** What its author really wrote: the API server has dropped unknown fields from `object`. */
  readonly asWritten: Answer<KubeObject>;
  /** Why `object` holds its name and no more. No rule can be decided then. */
  readonly unreadable?: string;
}

/** Who asks for a change, and with what. */
export interface Asker {
  /** As the API server has authenticated it: `alice`, `system:serviceaccount:argocd:argocd-application-controller`. */
  readonly user: string;
  /** What the tool calls itself, `kubectl-edit` for instance; empty where it does not say. */
  readonly fieldManager: string;
}

/** One thing under review: an object, and what is about to be done to it. */
export interface Subject extends State {
  readonly operation: Operation;
  readonly kind: Kind<unknown> | undefined;
  /** The state before an UPDATE. For a DELETE, `object` itself is what would go. */
  readonly previous?: State;
  /** Known of a request alone. */
  readonly asker?: Asker;
  /** Where the object was read, when it came from a file. */
  readonly origin?: Origin;
}

/** How an object is called in reports. */
export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace: string | null;
  name: string;
}

/** What tells one object from another. */
export interface Identity {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; generateName?: string; namespace?: string };
}

export function refOf(object: Identity): ObjectRef {
  const { name, generateName, namespace } = object.metadata ?? {};
  return {
    apiVersion: text(object.apiVersion),
    kind: text(object.kind),
    namespace: text(namespace) || null,
    // A generated name changes with every retry; what it was generated from does not.
    name: text(generateName) ? `${text(generateName)}*` : text(name),
  };
}

/** The namespace that an object lives in, or that it is; null for what belongs to none. */
export function homeOf({ kind, namespace, name }: ObjectRef): string | null {
  return kind === 'Namespace' ? name : namespace;
}

/** `Deployment shop/redis`, without a namespace `Namespace shop`. */
export function formatRef({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === null ? '' : `${namespace}/`}${name || '(unnamed)'}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? printable(value, 253) : '';
}
