import type { V1Node, V1PodSpec, V1Taint, V1Toleration } from '@kubernetes/client-node';
import { isMapping, valueAt } from './object.ts';

/** `v1.34.2-eks-1a2b` → 34; undefined for what is no version of Kubernetes 1. */
export function minorVersion(version: unknown): number | undefined {
  const minor = typeof version === 'string' ? /^v?1\.(\d{1,3})(?!\d)/.exec(version)?.[1] : undefined;
  return minor === undefined ? undefined : Number(minor);
}

/** How the kubelet of a node calls its version: `v1.34.2`. */
export function kubeletVersion(node: V1Node): unknown {
  return valueAt(node, ['status', 'nodeInfo', 'kubeletVersion']);
}

/** Labels that every node has, and that tell nothing of its age or its role. */
const OF_MACHINES = new Set([
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);

/** Does the pod say itself on which nodes it may run, by more than what machines they are? */
export function choosesNodes(pod: V1PodSpec): boolean {
  const { nodeName, nodeSelector, affinity } = pod;
  if (nodeName) return true;
  if (isMapping(nodeSelector) && Object.keys(nodeSelector).some(key => !OF_MACHINES.has(key))) return true;
  const terms = valueAt(affinity, [
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  ]);
  if (!Array.isArray(terms)) return false;
  return terms.some(term =>
    ['matchExpressions', 'matchFields']
      .flatMap(field => valueAt(term, [field]) ?? [])
      .some(requirement => !OF_MACHINES.has(String(valueAt(requirement, ['key'])))),
  );
}

/** May the scheduler put a pod that chooses no nodes on this one? */
export function isOpenTo({ spec }: V1Node, pod: V1PodSpec): boolean {
  if (spec?.unschedulable === true) return false;
  const taints: unknown = spec?.taints;
  const tolerations: unknown = pod.tolerations;
  if (!Array.isArray(taints)) return true;
  return taints
    .filter(isMapping)
    .every(
      taint =>
        taint.effect === 'PreferNoSchedule' ||
        (Array.isArray(tolerations) && tolerations.filter(isMapping).some(one => tolerates(one, taint))),
    );
}

/** k8s api/core/v1/toleration.go */
function tolerates(toleration: Partial<V1Toleration>, taint: Partial<V1Taint>): boolean {
  const { key, operator, effect, value } = toleration;
  if (effect && effect !== taint.effect) return false;
  if (key && key !== taint.key) return false;
  return operator === 'Exists' || (Boolean(key) && (value ?? '') === (taint.value ?? ''));
}
