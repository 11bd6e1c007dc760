import type { Kind } from './kinds.ts';
import {
  AWSMachine,
  AWSMachineTemplate,
  AzureMachine,
  AzureMachineTemplate,
  ControlPlaneMachineSet,
  GCPMachine,
  GCPMachineTemplate,
  InstanceGroup,
  Machine,
  MachineSet,
  NodePool,
} from './node-kinds.ts';
import { isMapping, type KubeObject, own, type Path, valueAt } from './object.ts';

/** The types of machine that one field asks a cloud for: one, or a list of those that will do. */
export interface MachineTypes {
  readonly names: readonly string[];
  readonly isList: boolean;
  readonly path: Path;
}

/** The kinds that {@link machineTypes} knows. */
export const kindsOfMachines = [
  AWSMachine,
  AWSMachineTemplate,
  AzureMachine,
  AzureMachineTemplate,
  GCPMachine,
  GCPMachineTemplate,
  Machine,
  MachineSet,
  ControlPlaneMachineSet,
  InstanceGroup,
  NodePool,
] as const;

const template = ['spec', 'template', 'spec'];
const openShift = ['template', 'machines_v1beta1_machine_openshift_io', 'spec'];
const fields = ['instanceType', 'machineType', 'vmSize'];

/** Where the fields stand that name the type. */
const HOLDERS = new Map<Kind<unknown> | undefined, Path>([
  [AWSMachine, ['spec']],
  [AWSMachineTemplate, template],
  [AzureMachine, ['spec']],
  [AzureMachineTemplate, template],
  [GCPMachine, ['spec']],
  [GCPMachineTemplate, template],
  [Machine, ['spec', 'providerSpec', 'value']],
  [MachineSet, [...template, 'providerSpec', 'value']],
  [ControlPlaneMachineSet, ['spec', ...openShift, 'providerSpec', 'value']],
  [InstanceGroup, ['spec']],
]);

/** Every field of an object that names types of machine. Takes any object. */
export function* machineTypes(object: KubeObject, kind: Kind<unknown> | undefined): Generator<MachineTypes> {
  const holder = HOLDERS.get(kind);
  if (holder) {
    for (const field of fields) {
      const path = [...holder, field];
      const name = valueAt(object, path);
      if (typeof name === 'string') yield { names: [name], isList: false, path };
    }
  }
  if (kind !== NodePool) return;
  const requirements = valueAt(object, [...template, 'requirements']);
  for (const [index, requirement] of (Array.isArray(requirements) ? requirements : []).entries()) {
    const key = own(requirement, 'key');
    const values = own(requirement, 'values');
    if (key !== 'node.kubernetes.io/instance-type' || own(requirement, 'operator') !== 'In') continue;
    const names = (Array.isArray(values) ? values : []).filter(name => typeof name === 'string');
    yield { names, isList: true, path: [...template, 'requirements', index, 'values'] };
  }
}

const ROLE = /(?:^|[-./_])(?:control-?plane|master|etcd)(?:s?\d*)(?:[-._]|$)/i;

/** Are the machines for the control plane, or for etcd, by what their role, labels, taints or name say? */
export function isOfControlPlane(object: KubeObject, kind: Kind<unknown> | undefined): boolean {
  if (kind === ControlPlaneMachineSet) return true;
  const role = valueAt(object, ['spec', 'role']);
  if (kind === InstanceGroup && typeof role === 'string') return /^(?:Master|ControlPlane)$/i.test(role);
  const name = object.metadata?.name;
  if (typeof name === 'string' && ROLE.test(name)) return true;
  const labels = [['metadata'], ['spec', 'template', 'metadata'], [...template, 'metadata']];
  if (labels.some(path => saysRole(valueAt(object, [...path, 'labels'])))) return true;
  const taints = valueAt(object, [...template, 'taints']);
  return Array.isArray(taints) && taints.some(taint => namesRole(own(taint, 'key')));
}

/** `node-role.kubernetes.io/control-plane: ""`, or `cluster.x-k8s.io/role: control-plane`. */
function saysRole(labels: unknown): boolean {
  if (!isMapping(labels)) return false;
  return Object.entries(labels).some(
    ([key, value]) => namesRole(key) || (/role$/.test(key) && namesRole(value)),
  );
}

function namesRole(text: unknown): boolean {
  return typeof text === 'string' && ROLE.test(text);
}
