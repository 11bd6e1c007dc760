import type { Kind } from './kinds.ts';
import type { KubeObject } from './object.ts';

/** Kinds that people seldom write a manifest for, or can no longer create, by the group in which they are or were. */
const groups: Readonly<Record<string, string>> = {
  'admissionregistration.k8s.io':
    'ExternalAdmissionHookConfiguration InitializerConfiguration MutatingAdmissionPolicy MutatingAdmissionPolicyBinding',
  apps: 'ControllerRevision',
  'auditregistration.k8s.io': 'AuditSink',
  batch: 'ScheduledJob',
  'certificates.k8s.io': 'CertificateSigningRequest ClusterTrustBundle PodCertificateRequest',
  'coordination.k8s.io': 'Lease LeaseCandidate',
  'events.k8s.io': 'Event',
  extensions: 'PodSecurityPolicy ThirdPartyResource',
  'networking.k8s.io': 'ClusterCIDR IPAddress ServiceCIDR',
  policy: 'PodSecurityPolicy',
  'resource.k8s.io':
    'DeviceClass DeviceTaintRule PodScheduling PodSchedulingContext ResourceClaim ResourceClaimParameters ' +
    'ResourceClaimTemplate ResourceClass ResourceClassParameters ResourcePoolStatusRequest ResourceSlice',
  'scheduling.k8s.io': 'PodGroup Workload',
  'settings.k8s.io': 'PodPreset',
  'storage.k8s.io': 'CSINode CSIStorageCapacity VolumeAttachment VolumeAttributesClass',
  'storagemigration.k8s.io': 'StorageVersionMigration',
};

/**
 * Kubernetes' own kinds of which no request is sent to the webhook: in files something can be said of their version.
 * They have no resource and no versions here. Nor is their scope told apart: no namespace is ever filled in for them, as
 * for no kind that is not known.
 */
export const kindsInFiles: readonly Kind<KubeObject>[] = Object.entries(groups).flatMap(([group, names]) =>
  names.split(' ').map(name => ({ group, name, resource: '', versions: [], scope: 'Cluster' as const })),
);
