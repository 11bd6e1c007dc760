import assert from 'node:assert/strict';
import fc from 'fast-check';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import { isOfControlPlane, kindsOfMachines, machineTypes } from '../../src/kubernetes/machines.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';

const isControlPlane = (object: KubeObject) => isOfControlPlane(object, kindOf(object));
const template = { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'AWSMachineTemplate' };
const machineSet = { apiVersion: 'machine.openshift.io/v1beta1', kind: 'MachineSet' };

describe('machines of the control plane', () => {
  it('are told by their name, where it has the role as a word of its own', () => {
    for (const name of [
      'shop-control-plane',
      'controlplane-0',
      'master-eu-west-1a',
      'shop-masters',
      'etcd',
      'shop.etcd-2',
    ])
      assert.ok(isControlPlane({ ...template, metadata: { name } }), name);
    for (const name of ['shop-workers', 'mastermind', 'webmaster', 'etcdctl-runner', ''])
      assert.ok(!isControlPlane({ ...template, metadata: { name } }), name);
  });

  it('are told by labels that are or name a role, of the machines or of their nodes', () => {
    const labels = { 'machine.openshift.io/cluster-api-machine-role': 'master' };
    const node = { 'node-role.kubernetes.io/control-plane': '' };
    assert.ok(isControlPlane({ ...machineSet, spec: { template: { metadata: { labels } } } }));
    assert.ok(
      isControlPlane({ ...machineSet, spec: { template: { spec: { metadata: { labels: node } } } } }),
    );
    assert.ok(
      !isControlPlane({ ...machineSet, metadata: { labels: { 'cluster.x-k8s.io/cluster-name': 'etcd' } } }),
    );
  });

  it('of kOps are told by their role alone', () => {
    const group = { apiVersion: 'kops/v1alpha2', kind: 'InstanceGroup', metadata: { name: 'masters' } };
    assert.ok(isControlPlane({ ...group, spec: { role: 'ControlPlane' } }));
    assert.ok(!isControlPlane({ ...group, spec: { role: 'Node' } }));
    assert.ok(!isControlPlane({ ...group, spec: { role: 'APIServer' } }));
  });

  it('are looked for in any object', () => {
    const keys = fc.constantFrom('spec', 'metadata', 'labels', 'name', 'template', 'requirements', 'taints');
    const object = fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue())));
    fc.assert(
      fc.property(fc.constantFrom(...kindsOfMachines), object, (kind, object) => {
        assert.equal(typeof isOfControlPlane(object, kind), 'boolean');
        for (const { names } of machineTypes(object, kind)) assert.ok(Array.isArray(names));
      }),
    );
  });
});
