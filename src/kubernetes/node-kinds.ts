import type { Kind } from './kinds.ts';
import type { KubeObject } from './object.ts';

/**
 * Kinds that configure or make nodes. None of them is sent to the webhook, since the configurations are no objects and
 * the rest are custom kinds: they are judged in files, and in the releases of Helm that bring them.
 */
function ofNodes(group: string, name: string, more: Partial<Kind<KubeObject>> = {}): Kind<KubeObject> {
  return { group, name, resource: '', versions: [], scope: 'Namespaced', ...more };
}

const clusterWide = { scope: 'Cluster' } as const;

export const KubeletConfiguration = ofNodes('kubelet.config.k8s.io', 'KubeletConfiguration', clusterWide);

export const InitConfiguration = ofNodes('kubeadm.k8s.io', 'InitConfiguration', clusterWide);
export const JoinConfiguration = ofNodes('kubeadm.k8s.io', 'JoinConfiguration', clusterWide);

// Cluster API.
const CONTROL_PLANE = 'controlplane.cluster.x-k8s.io';
const BOOTSTRAP = 'bootstrap.cluster.x-k8s.io';
const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io';
export const KubeadmControlPlane = ofNodes(CONTROL_PLANE, 'KubeadmControlPlane');
export const KubeadmControlPlaneTemplate = ofNodes(CONTROL_PLANE, 'KubeadmControlPlaneTemplate');
export const KubeadmConfig = ofNodes(BOOTSTRAP, 'KubeadmConfig');
export const KubeadmConfigTemplate = ofNodes(BOOTSTRAP, 'KubeadmConfigTemplate');
export const AWSMachine = ofNodes(INFRASTRUCTURE, 'AWSMachine');
export const AWSMachineTemplate = ofNodes(INFRASTRUCTURE, 'AWSMachineTemplate');
export const AzureMachine = ofNodes(INFRASTRUCTURE, 'AzureMachine');
export const AzureMachineTemplate = ofNodes(INFRASTRUCTURE, 'AzureMachineTemplate');
export const GCPMachine = ofNodes(INFRASTRUCTURE, 'GCPMachine');
export const GCPMachineTemplate = ofNodes(INFRASTRUCTURE, 'GCPMachineTemplate');

// Karpenter.
export const NodePool = ofNodes('karpenter.sh', 'NodePool', clusterWide);
export const EC2NodeClass = ofNodes('karpenter.k8s.aws', 'EC2NodeClass', clusterWide);

// OpenShift.
const MACHINES = 'machine.openshift.io';
export const KubeletConfig = ofNodes('machineconfiguration.openshift.io', 'KubeletConfig', clusterWide);
export const Machine = ofNodes(MACHINES, 'Machine');
export const MachineSet = ofNodes(MACHINES, 'MachineSet');
export const ControlPlaneMachineSet = ofNodes(MACHINES, 'ControlPlaneMachineSet');

// kOps, whose manifests are read by no API server.
export const InstanceGroup = ofNodes('kops.k8s.io', 'InstanceGroup', {
  ...clusterWide,
  formerGroups: ['kops'],
});

export const nodeKinds: readonly Kind<KubeObject>[] = [
  KubeletConfiguration,
  InitConfiguration,
  JoinConfiguration,
  KubeadmControlPlane,
  KubeadmControlPlaneTemplate,
  KubeadmConfig,
  KubeadmConfigTemplate,
  AWSMachine,
  AWSMachineTemplate,
  AzureMachine,
  AzureMachineTemplate,
  GCPMachine,
  GCPMachineTemplate,
  NodePool,
  EC2NodeClass,
  KubeletConfig,
  Machine,
  MachineSet,
  ControlPlaneMachineSet,
  InstanceGroup,
];
