import type { Kind } from '../kubernetes/kinds.ts';

/** The newest version that we know of, as objects name it: `apps/v1`. */
export function apiVersionOf({ group, versions }: Kind<unknown>): string {
  const version = versions.at(-1) ?? '';
  return group === '' ? version : `${group}/${version}`;
}

/** Where all objects of a kind are: `/apis/apps/v1/deployments`. */
export function collectionPath(kind: Kind<unknown>): string {
  return `${root(kind)}/${kind.resource}`;
}

/**
 * Where one object of a namespaced kind is. Undefined for names that no object can have, which would lead elsewhere
 * (k8s apimachinery/pkg/api/validation/path/name.go).
 */
export function objectPath(kind: Kind<unknown>, namespace: string, name: string): string | undefined {
  if (![namespace, name].every(isSegment)) return undefined;
  const [inNamespace, called] = [encodeURIComponent(namespace), encodeURIComponent(name)];
  return `${root(kind)}/namespaces/${inNamespace}/${kind.resource}/${called}`;
}

const LONGEST_NAME = 253;

function isSegment(name: string): boolean {
  return name !== '' && name.length <= LONGEST_NAME && !/^\.\.?$|[/%]/.test(name) && name.isWellFormed();
}

function root(kind: Kind<unknown>): string {
  return `${kind.group === '' ? '/api' : '/apis'}/${apiVersionOf(kind)}`;
}
