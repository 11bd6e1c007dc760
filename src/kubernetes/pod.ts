import type { V1Container, V1PodSpec } from '@kubernetes/client-node';
import type { Kind } from './kinds.ts';
import { isMapping, type ObjectMeta, valueAt } from './object.ts';
import { rememberLast } from './remember-last.ts';

type Step = string | number;

export interface PodTemplate {
  /** Where the template begins in the object; empty for a Pod. */
  path: readonly Step[];
  metadata: ObjectMeta | undefined;
  spec: V1PodSpec;
  /** In the order in which Kubernetes starts them. */
  containers: readonly ContainerVisit[];
}

/**
 * - `app`: runs for the pod's life;
 * - `init`: runs before the app containers and ends;
 * - `sidecar`: an init container with `restartPolicy: Always`, which keeps running;
 * - `ephemeral`: added to a running pod for debugging; may have neither probes nor resources.
 */
export type ContainerRole = 'app' | 'init' | 'sidecar' | 'ephemeral';

export interface ContainerVisit {
  container: V1Container;
  role: ContainerRole;
  path: readonly Step[];
}

/** The pod template of an object of a kind that has one, a Pod being its own. */
export const podTemplate = rememberLast(findPodTemplate);

function findPodTemplate(object: object, kind: Kind<unknown> | undefined): PodTemplate | undefined {
  const path = kind?.podTemplate;
  if (!path) return undefined;
  const template = valueAt(object, path);
  if (!isMapping(template) || !isMapping(template.spec)) return undefined;
  const metadata = isMapping(template.metadata) ? (template.metadata as ObjectMeta) : undefined;
  const spec = template.spec as unknown as V1PodSpec;
  return { path, metadata, spec, containers: containersIn(spec, path) };
}

const LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

function containersIn(spec: V1PodSpec, path: readonly Step[]): ContainerVisit[] {
  const visits: ContainerVisit[] = [];
  for (const list of LISTS) {
    const containers: unknown = spec[list];
    if (!Array.isArray(containers)) continue;
    containers.forEach((container: unknown, index) => {
      if (!isMapping(container)) return;
      visits.push({
        container: container as unknown as V1Container,
        role: roleOf(list, container),
        path: [...path, 'spec', list, index],
      });
    });
  }
  return visits;
}

function roleOf(list: (typeof LISTS)[number], container: Record<string, unknown>): ContainerRole {
  if (list === 'containers') return 'app';
  if (list === 'ephemeralContainers') return 'ephemeral';
  return container.restartPolicy === 'Always' ? 'sidecar' : 'init';
}
