import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import { groupOf, type KubeObject } from '../kubernetes/object.ts';
import type { Identity } from './subject.ts';

/**
 * A set of manifests that is rolled out as one and owns what it made: a Helm release, or one revision of a
 * folder of files. What the next revision lacks is deleted from the cluster.
 */
export interface ReleaseObject extends KubeObject {
  kind: 'Release';
  /** Everything that the new revision holds, hooks apart: those belong to no release. */
  objects: readonly KubeObject[];
}

export const Release: Kind<ReleaseObject> = {
  group: 'premortem.dev',
  name: 'Release',
  resource: 'releases',
  versions: [],
  scope: 'Namespaced',
};

export function release(
  name: string,
  namespace: string | undefined,
  objects: readonly KubeObject[],
): ReleaseObject {
  return {
    apiVersion: 'premortem.dev/v1',
    kind: 'Release',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    objects,
  };
}

/**
 * Is the object in the release? As Helm compares: by group, kind, namespace and name, never by version
 * (helm pkg/kube/resource.go, isMatchingInfo).
 */
export function holds(release: ReleaseObject, object: Identity): boolean {
  const identities =
    remembered.get(release) ??
    new Set(release.objects.map(held => identity(held, release.metadata?.namespace)));
  remembered.set(release, identities);
  return identities.has(identity(object, undefined));
}

/** A release of thousands is asked about each of thousands of live objects. */
const remembered = new WeakMap<ReleaseObject, ReadonlySet<string>>();

/** Where an object names no namespace, it goes to that of its release; a kind that has none takes no notice of one. */
function identity(object: Identity, releaseNamespace: string | undefined): string {
  const { apiVersion, kind, metadata } = object;
  const namespace =
    kindOf(object)?.scope === 'Cluster' ? '' : (metadata?.namespace ?? releaseNamespace ?? '');
  // What is in a release is not yet known to be text where text belongs.
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
  return JSON.stringify([group, kind, namespace, metadata?.name]);
}
