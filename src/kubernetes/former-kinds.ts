/**
 * Kinds that once stood in another API version, which Kubernetes no longer serves, and have the same shape today.
 * Compared field by field with the OpenAPI documents of Kubernetes 1.15, 1.20, 1.22 and 1.28. Kinds that are gone
 * (PodSecurityPolicy) or have another shape now (HorizontalPodAutoscaler of autoscaling/v2beta1, RuntimeClass of
 * node.k8s.io/v1alpha1) are absent, so nothing is said about their fields.
 */
const moved: readonly (readonly [from: string, to: string, ...kinds: string[]])[] = [
  ['admissionregistration.k8s.io/v1beta1', 'admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
  [
    'admissionregistration.k8s.io/v1beta1',
    'admissionregistration.k8s.io/v1',
    'ValidatingWebhookConfiguration',
  ],
  ['admissionregistration.k8s.io/v1beta1', 'admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy'],
  [
    'admissionregistration.k8s.io/v1beta1',
    'admissionregistration.k8s.io/v1',
    'ValidatingAdmissionPolicyBinding',
  ],
  ['apiextensions.k8s.io/v1beta1', 'apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['apiregistration.k8s.io/v1beta1', 'apiregistration.k8s.io/v1', 'APIService'],
  ['apps/v1beta1', 'apps/v1', 'ControllerRevision', 'Deployment', 'StatefulSet'],
  ['apps/v1beta2', 'apps/v1', 'ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  ['autoscaling/v2beta2', 'autoscaling/v2', 'HorizontalPodAutoscaler'],
  ['batch/v1beta1', 'batch/v1', 'CronJob'],
  ['batch/v2alpha1', 'batch/v1', 'CronJob'],
  ['certificates.k8s.io/v1beta1', 'certificates.k8s.io/v1', 'CertificateSigningRequest'],
  ['coordination.k8s.io/v1beta1', 'coordination.k8s.io/v1', 'Lease'],
  ['discovery.k8s.io/v1beta1', 'discovery.k8s.io/v1', 'EndpointSlice'],
  ['extensions/v1beta1', 'apps/v1', 'DaemonSet', 'Deployment', 'ReplicaSet'],
  ['extensions/v1beta1', 'networking.k8s.io/v1', 'Ingress', 'NetworkPolicy'],
  ['flowcontrol.apiserver.k8s.io/v1beta1', 'flowcontrol.apiserver.k8s.io/v1', 'FlowSchema'],
  ['flowcontrol.apiserver.k8s.io/v1beta1', 'flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration'],
  ['flowcontrol.apiserver.k8s.io/v1beta2', 'flowcontrol.apiserver.k8s.io/v1', 'FlowSchema'],
  ['flowcontrol.apiserver.k8s.io/v1beta2', 'flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'flowcontrol.apiserver.k8s.io/v1', 'FlowSchema'],
  ['flowcontrol.apiserver.k8s.io/v1beta3', 'flowcontrol.apiserver.k8s.io/v1', 'PriorityLevelConfiguration'],
  ['networking.k8s.io/v1beta1', 'networking.k8s.io/v1', 'Ingress', 'IngressClass'],
  ['node.k8s.io/v1beta1', 'node.k8s.io/v1', 'RuntimeClass'],
  ['policy/v1beta1', 'policy/v1', 'Eviction', 'PodDisruptionBudget'],
  ['rbac.authorization.k8s.io/v1alpha1', 'rbac.authorization.k8s.io/v1', 'ClusterRole', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1alpha1', 'rbac.authorization.k8s.io/v1', 'Role', 'RoleBinding'],
  ['rbac.authorization.k8s.io/v1beta1', 'rbac.authorization.k8s.io/v1', 'ClusterRole', 'ClusterRoleBinding'],
  ['rbac.authorization.k8s.io/v1beta1', 'rbac.authorization.k8s.io/v1', 'Role', 'RoleBinding'],
  ['scheduling.k8s.io/v1alpha1', 'scheduling.k8s.io/v1', 'PriorityClass'],
  ['scheduling.k8s.io/v1beta1', 'scheduling.k8s.io/v1', 'PriorityClass'],
  ['storage.k8s.io/v1alpha1', 'storage.k8s.io/v1', 'CSIStorageCapacity', 'VolumeAttachment'],
  ['storage.k8s.io/v1beta1', 'storage.k8s.io/v1', 'CSIDriver', 'CSINode', 'CSIStorageCapacity'],
  ['storage.k8s.io/v1beta1', 'storage.k8s.io/v1', 'StorageClass', 'VolumeAttachment'],
];

const ingressFields = [
  'spec.backend',
  'spec.rules[].http.paths[].backend.serviceName',
  'spec.rules[].http.paths[].backend.servicePort',
];

/** What such a kind had in its former version and has lost since. */
const lost: Readonly<Record<string, readonly string[]>> = {
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition': [
    'spec.additionalPrinterColumns',
    'spec.conversion.conversionReviewVersions',
    'spec.conversion.webhookClientConfig',
    'spec.subresources',
    'spec.validation',
    'spec.version',
    'spec.versions[].additionalPrinterColumns[].JSONPath',
  ],
  'apps/v1beta1 Deployment': ['spec.rollbackTo'],
  'discovery.k8s.io/v1beta1 EndpointSlice': ['endpoints[].topology'],
  'extensions/v1beta1 DaemonSet': ['spec.templateGeneration'],
  'extensions/v1beta1 Deployment': ['spec.rollbackTo'],
  'extensions/v1beta1 Ingress': ingressFields,
  'flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration': [
    'spec.limited.assuredConcurrencyShares',
  ],
  'flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration': [
    'spec.limited.assuredConcurrencyShares',
  ],
  'networking.k8s.io/v1beta1 Ingress': ingressFields,
  'rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding': ['subjects[].apiVersion'],
  'rbac.authorization.k8s.io/v1alpha1 RoleBinding': ['subjects[].apiVersion'],
};

const successors: ReadonlyMap<string, string> = new Map(
  moved.flatMap(([from, to, ...kinds]) => kinds.map(kind => [`${from} ${kind}`, `${to} ${kind}`] as const)),
);

/** `batch/v2alpha1 CronJob` → `batch/v1 CronJob`; undefined for a kind that is served, or that has no successor. */
export function successorOf(versionAndKind: string): string | undefined {
  return successors.get(versionAndKind);
}

/** Whether the former version declared the field, given like `spec.rules[].host`, that its successor lacks. */
export function hadField(versionAndKind: string, field: string): boolean {
  return Object.hasOwn(lost, versionAndKind) && (lost[versionAndKind]?.includes(field) ?? false);
}
