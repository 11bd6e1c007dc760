import type { Kind } from '../kubernetes/kinds.ts';
import { groupOf, type KubeObject } from '../kubernetes/object.ts';
import type { Identity } from './subject.ts';

/**
 * A set of manifests that is rolled out as one and owns what it made: a Helm release, or one revision of a
 * folder of files. What the next revision lacks is deleted from the cluster.
 */
export interface ReleaseObject extends KubeObject {
  kind: 'Release';
  /** Everything that the new revision holds. */
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
  const sought = identity(object);
  return release.objects.some(other => identity(other) === sought);
}

function identity({ apiVersion, kind, metadata }: Identity): string {
  return [groupOf(apiVersion ?? ''), kind, metadata?.namespace ?? '', metadata?.name].join('\n');
}
