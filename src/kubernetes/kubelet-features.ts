import { isMapping, valueAt } from './object.ts';
import type { PodTemplate } from './pod.ts';

/** A field of a pod that a kubelet has to know of. */
export interface KubeletFeature {
  path: readonly (string | number)[];
  /** The minor version from which on the kubelet goes by it unless told otherwise (k8s pkg/features/kube_features.go). */
  since: number;
  /** What it is called. */
  name: string;
  /** What an older kubelet does: `runs root in the pod as root on the node`. */
  older: string;
}

/** The fields of a pod that kubelets of the last years do not all know. */
export function* kubeletFeatures(pod: PodTemplate): Generator<KubeletFeature> {
  const { path, spec } = pod;
  if (spec.hostUsers === false) {
    yield {
      path: [...path, 'spec', 'hostUsers'],
      since: 33,
      name: 'hostUsers: false',
      older: 'runs root in the pod as root on the node',
    };
  }
  if (isMapping(spec.resources) && (isFilled(spec.resources.requests) || isFilled(spec.resources.limits))) {
    yield {
      path: [...path, 'spec', 'resources'],
      since: 34,
      name: 'pod-level resources',
      older: 'does not bound the pod as a whole',
    };
  }
  for (const { container, role, path } of pod.containers) {
    const { name } = container;
    if (role === 'sidecar') {
      yield {
        path: [...path, 'restartPolicy'],
        since: 29,
        name: 'sidecars',
        older: `never gets past init container "${name}"`,
      };
    }
    for (const [hook, outcome] of Object.entries(WITHOUT_SLEEP)) {
      const sleep = ['lifecycle', hook, 'sleep'];
      if (!isMapping(valueAt(container, sleep))) continue;
      yield {
        path: [...path, ...sleep],
        since: 30,
        name: `${hook}.sleep`,
        older: outcome(name),
      };
    }
  }
  yield* imageVolumes(pod);
}

/** A handler in which nothing is known is an error (k8s pkg/kubelet/lifecycle/handlers.go). */
const WITHOUT_SLEEP = {
  preStop: (name: string) => `stops container "${name}" without a pause`,
  postStart: (name: string) => `kills container "${name}" or starts it without a pause`,
};

function* imageVolumes({ path, spec }: PodTemplate): Generator<KubeletFeature> {
  const volumes: unknown = spec.volumes;
  if (!Array.isArray(volumes)) return;
  for (const [index, volume] of volumes.entries()) {
    if (!isMapping(valueAt(volume, ['image']))) continue;
    yield {
      path: [...path, 'spec', 'volumes', index, 'image'],
      since: 35,
      name: 'image volumes',
      older: `cannot mount volume "${valueAt(volume, ['name'])}"`,
    };
  }
}

function isFilled(amounts: unknown): boolean {
  return isMapping(amounts) && Object.keys(amounts).length > 0;
}
