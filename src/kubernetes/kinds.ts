import type {
  V1APIService,
  V1ClusterRole,
  V1ConfigMap,
  V1CronJob,
  V1CustomResourceDefinition,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Job,
  V1LimitRange,
  V1Namespace,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodTemplate,
  V1ReplicaSet,
  V1ReplicationController,
  V1ResourceQuota,
  V1Secret,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V1StorageClass,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import { kindsInFiles } from './kinds-in-files.ts';
import { nodeKinds } from './node-kinds.ts';
import { groupOf, type KubeObject } from './object.ts';

/**
 * One kind of the Kubernetes API. Kinds are told apart by group and name, never by version: the same mistake is
 * the same mistake in `batch/v1` and in `batch/v2alpha1`.
 */
export interface Kind<T = KubeObject> {
  readonly group: string;
  readonly name: string;
  /** The plural in URLs and in a webhook's rules. */
  readonly resource: string;
  /** Versions that Kubernetes 1.36 serves, as a webhook's rules name them. */
  readonly versions: readonly string[];
  readonly scope: 'Namespaced' | 'Cluster';
  /** Groups in which the kind lived before. */
  readonly formerGroups?: readonly string[];
  /** Where its pod template (or, for a Pod, the pod itself) begins. */
  readonly podTemplate?: readonly string[];
  /** True for kinds whose objects must never be sent to anyone: what they hold is secret. */
  readonly confidential?: true;
  /** The type of such an object; no value is ever kept here. */
  readonly object?: T;
}

function namespaced<T = KubeObject>(
  group: string,
  versions: readonly string[],
  name: string,
  resource: string,
  more: Partial<Kind<T>> = {},
): Kind<T> {
  return { group, name, resource, versions, scope: 'Namespaced', ...more };
}

function clusterWide<T = KubeObject>(
  group: string,
  versions: readonly string[],
  name: string,
  resource: string,
): Kind<T> {
  return { group, name, resource, versions, scope: 'Cluster' };
}

const v1 = ['v1'];
const template = ['spec', 'template'];
const fromExtensions = ['extensions'];

export const Pod = namespaced<V1Pod>('', v1, 'Pod', 'pods', { podTemplate: [] });
export const PodTemplate = namespaced<V1PodTemplate>('', v1, 'PodTemplate', 'podtemplates', {
  podTemplate: ['template'],
});
export const ReplicationController = namespaced<V1ReplicationController>(
  '',
  v1,
  'ReplicationController',
  'replicationcontrollers',
  { podTemplate: template },
);
export const Deployment = namespaced<V1Deployment>('apps', v1, 'Deployment', 'deployments', {
  podTemplate: template,
  formerGroups: fromExtensions,
});
export const StatefulSet = namespaced<V1StatefulSet>('apps', v1, 'StatefulSet', 'statefulsets', {
  podTemplate: template,
});
export const DaemonSet = namespaced<V1DaemonSet>('apps', v1, 'DaemonSet', 'daemonsets', {
  podTemplate: template,
  formerGroups: fromExtensions,
});
export const ReplicaSet = namespaced<V1ReplicaSet>('apps', v1, 'ReplicaSet', 'replicasets', {
  podTemplate: template,
  formerGroups: fromExtensions,
});
export const Job = namespaced<V1Job>('batch', v1, 'Job', 'jobs', { podTemplate: template });
export const CronJob = namespaced<V1CronJob>('batch', v1, 'CronJob', 'cronjobs', {
  podTemplate: ['spec', 'jobTemplate', 'spec', 'template'],
});
export const LimitRange = namespaced<V1LimitRange>('', v1, 'LimitRange', 'limitranges');
export const HorizontalPodAutoscaler = namespaced<V2HorizontalPodAutoscaler>(
  'autoscaling',
  ['v1', 'v2'],
  'HorizontalPodAutoscaler',
  'horizontalpodautoscalers',
);
export const ConfigMap = namespaced<V1ConfigMap>('', v1, 'ConfigMap', 'configmaps');
export const Secret = namespaced<V1Secret>('', v1, 'Secret', 'secrets', { confidential: true });
export const ServiceAccount = namespaced<V1ServiceAccount>('', v1, 'ServiceAccount', 'serviceaccounts');
export const ResourceQuota = namespaced<V1ResourceQuota>('', v1, 'ResourceQuota', 'resourcequotas');
export const Namespace = clusterWide<V1Namespace>('', v1, 'Namespace', 'namespaces');
export const PersistentVolumeClaim = namespaced<V1PersistentVolumeClaim>(
  '',
  v1,
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
);
export const PersistentVolume = clusterWide<V1PersistentVolume>(
  '',
  v1,
  'PersistentVolume',
  'persistentvolumes',
);
export const Service = namespaced<V1Service>('', v1, 'Service', 'services');
export const CustomResourceDefinition = clusterWide<V1CustomResourceDefinition>(
  'apiextensions.k8s.io',
  v1,
  'CustomResourceDefinition',
  'customresourcedefinitions',
);
export const ClusterRole = clusterWide<V1ClusterRole>(
  'rbac.authorization.k8s.io',
  v1,
  'ClusterRole',
  'clusterroles',
);
export const APIService = clusterWide<V1APIService>(
  'apiregistration.k8s.io',
  v1,
  'APIService',
  'apiservices',
);
export const Node = clusterWide<V1Node>('', v1, 'Node', 'nodes');
export const EndpointSlice = namespaced<V1EndpointSlice>(
  'discovery.k8s.io',
  v1,
  'EndpointSlice',
  'endpointslices',
);
export const StorageClass = clusterWide<V1StorageClass>(
  'storage.k8s.io',
  v1,
  'StorageClass',
  'storageclasses',
);

/**
 * Every built-in kind that runs pods from a template of its own, the Pod included. A rule of these speaks of the custom
 * kinds that a configuration names as well.
 */
export const podKinds = [
  Pod,
  PodTemplate,
  ReplicationController,
  Deployment,
  StatefulSet,
  DaemonSet,
  ReplicaSet,
  Job,
  CronJob,
] as const;

/** Every built-in kind that people write manifests for. */
export const builtInKinds: readonly Kind[] = [
  ...podKinds,
  LimitRange,
  Namespace,
  ConfigMap,
  namespaced('', v1, 'Endpoints', 'endpoints'),
  PersistentVolumeClaim,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
  HorizontalPodAutoscaler,
  namespaced('networking.k8s.io', v1, 'Ingress', 'ingresses', { formerGroups: fromExtensions }),
  namespaced('networking.k8s.io', v1, 'NetworkPolicy', 'networkpolicies', { formerGroups: fromExtensions }),
  namespaced('policy', v1, 'PodDisruptionBudget', 'poddisruptionbudgets'),
  namespaced('rbac.authorization.k8s.io', v1, 'Role', 'roles'),
  namespaced('rbac.authorization.k8s.io', v1, 'RoleBinding', 'rolebindings'),
  PersistentVolume,
  clusterWide(
    'admissionregistration.k8s.io',
    v1,
    'MutatingWebhookConfiguration',
    'mutatingwebhookconfigurations',
  ),
  clusterWide('admissionregistration.k8s.io', v1, 'ValidatingAdmissionPolicy', 'validatingadmissionpolicies'),
  clusterWide(
    'admissionregistration.k8s.io',
    v1,
    'ValidatingAdmissionPolicyBinding',
    'validatingadmissionpolicybindings',
  ),
  clusterWide(
    'admissionregistration.k8s.io',
    v1,
    'ValidatingWebhookConfiguration',
    'validatingwebhookconfigurations',
  ),
  CustomResourceDefinition,
  APIService,
  clusterWide('flowcontrol.apiserver.k8s.io', v1, 'FlowSchema', 'flowschemas'),
  clusterWide(
    'flowcontrol.apiserver.k8s.io',
    v1,
    'PriorityLevelConfiguration',
    'prioritylevelconfigurations',
  ),
  clusterWide('networking.k8s.io', v1, 'IngressClass', 'ingressclasses'),
  clusterWide('node.k8s.io', v1, 'RuntimeClass', 'runtimeclasses'),
  ClusterRole,
  clusterWide('rbac.authorization.k8s.io', v1, 'ClusterRoleBinding', 'clusterrolebindings'),
  clusterWide('scheduling.k8s.io', v1, 'PriorityClass', 'priorityclasses'),
  clusterWide('storage.k8s.io', v1, 'CSIDriver', 'csidrivers'),
  StorageClass,
] as readonly Kind[];

/** Kinds that controllers and kubelets write and nobody else: no request is sent of them, and rules look them up. */
export const machineKinds: readonly Kind[] = [Node, EndpointSlice] as Kind<unknown>[] as Kind[];

const byGroupAndName = new Map<string, Kind<unknown>>();
for (const kind of [...builtInKinds, ...machineKinds, ...kindsInFiles, ...nodeKinds]) {
  for (const group of [kind.group, ...(kind.formerGroups ?? [])])
    byGroupAndName.set(`${group}/${kind.name}`, kind);
}

/** The kind of an object, or undefined for kinds that no rule knows and `custom` does not name. */
export function kindOf(
  object: { apiVersion?: unknown; kind?: unknown },
  custom: readonly Kind<unknown>[] = [],
): Kind<unknown> | undefined {
  if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') return undefined;
  const group = groupOf(object.apiVersion);
  return (
    byGroupAndName.get(`${group}/${object.kind}`) ??
    custom.find(kind => kind.group === group && kind.name === object.kind)
  );
}
