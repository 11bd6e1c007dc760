import { join } from 'node:path';
import { type KubeObject, valueAt } from '../../../src/kubernetes/object.ts';
import { container } from '../manifests.ts';
import { passed } from '../outcome.ts';
import type { Stage } from './stage.ts';

export const WEB = 'deployment/web';
/** A Deployment whose Pods read a ConfigMap, with that ConfigMap. */
export const CHART = join(import.meta.dirname, '../charts/settings');
export const IMAGE = '.spec.template.spec.containers[0].image';
/** Both are nobody's: RFC 5737. */
export const ADDRESS = '192.0.2.10';
export const OF_A_NODE = '192.0.2.20';
export const EXTERNAL_IP = '.spec.externalIPs[0]';
export const ASKED_IP = '.spec.loadBalancerIP';
export const SSH = { ports: [{ port: 22 }] };
export const NODES = 4;

const LABELS = { app: 'web' };

interface WorkloadSpec {
  replicas?: number;
  /** `false`: without a memory request. */
  memory?: boolean;
  image?: string;
  /** More of the pod's spec. */
  pod?: object;
  /** More of the workload's. */
  spec?: object;
}

/** A workload of one container. What is not given is not written. */
export function workload(
  kind: 'Deployment' | 'StatefulSet' | 'DaemonSet',
  { replicas, memory = true, image = 'web:1', pod = {}, spec = {} }: WorkloadSpec = {},
): KubeObject {
  const template = {
    metadata: { labels: LABELS },
    spec: { containers: [container({ name: 'web', image, memory })], ...pod },
  };
  const scale = replicas === undefined ? {} : { replicas };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web' },
    spec: { ...scale, selector: { matchLabels: LABELS }, template, ...spec },
  };
}

/** An init container that runs the same program as the container does. */
export function restoring(resources: object): object {
  return { initContainers: [{ name: 'restore', image: 'registry.example.com/web:1', resources }] };
}

export function limitOfInit(pod: KubeObject): unknown {
  return valueAt(pod, ['spec', 'initContainers', 0, 'resources', 'limits', 'memory']);
}

export function autoscaler(minReplicas: number, maxReplicas: number): KubeObject {
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
  const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } };
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'web' },
    spec: { scaleTargetRef, minReplicas, maxReplicas, metrics: [{ type: 'Resource', resource: cpu }] },
  };
}

/** One of many: each time it is made under another name. */
export function job(spec: object): KubeObject {
  const containers = [container({ name: 'main' })];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { generateName: 'once-' },
    spec: { ...spec, template: { spec: { restartPolicy: 'Never', containers } } },
  };
}

/** A CronJob that is not due while the tests run; unless something else is said, its runs cannot pile up. */
export function report(job: object, spec: object = {}): KubeObject {
  const containers = [container({ name: 'report' })];
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'report' },
    spec: {
      schedule: '0 0 1 1 *',
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { ...job, template: { spec: { restartPolicy: 'Never', containers } } } },
      ...spec,
    },
  };
}

/** Runs it by hand. */
export async function runReport(stage: Stage, run: string): Promise<void> {
  passed(await stage.kubectl('create', 'job', run, '--from=cronjob/report'));
}

/** The label by which a stage has its nodes for itself. */
const OWNER = 'example.com/stage';

export async function makeNode({ cluster, namespace }: Stage, address: string): Promise<void> {
  const metadata = { name: namespace };
  const status = { addresses: [{ type: 'InternalIP', address }] };
  passed(await cluster.create({ apiVersion: 'v1', kind: 'Node', metadata, status }));
}

export async function makeNodes({ cluster, namespace }: Stage): Promise<void> {
  const items = Array.from({ length: NODES }, (_, index) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: `${namespace}-${index}`, labels: { [OWNER]: namespace } },
  }));
  passed(await cluster.create({ apiVersion: 'v1', kind: 'List', items } as KubeObject));
}

/** A DaemonSet on the nodes of a stage, which are not ready, as nothing runs on them. */
export function agent({ namespace }: Stage, version: string, maxUnavailable: number | string): KubeObject {
  return workload('DaemonSet', {
    image: `agent:${version}`,
    pod: { nodeSelector: { [OWNER]: namespace }, tolerations: [{ operator: 'Exists' }] },
    spec: { updateStrategy: { rollingUpdate: { maxUnavailable } } },
  });
}

/** What the kubelets would report of Pods that are up. */
export async function becomeReady(stage: Stage): Promise<void> {
  for (const pod of await stage.pods())
    await hasStatus(stage, pod, { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] });
}

/** The Pod of a Job has done its work. */
export async function succeed(stage: Stage): Promise<void> {
  await hasStatus(stage, await stage.pod(), { phase: 'Succeeded' });
}

async function hasStatus(stage: Stage, { metadata }: KubeObject, status: object): Promise<void> {
  const patch = ['patch', 'pod', String(metadata?.name), '--subresource=status'];
  passed(await stage.kubectl(...patch, '-p', JSON.stringify({ status })));
}

/** Each stage has a class of its own, since classes belong to the whole cluster; so do disks. */
export function storageClass(
  { namespace }: Stage,
  volumeBindingMode: 'Immediate' | 'WaitForFirstConsumer',
): KubeObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: namespace },
    ...{ provisioner: 'ebs.csi.aws.com', volumeBindingMode },
  };
}

/** A disk that is in one zone. */
export function disk({ namespace }: Stage): KubeObject {
  const inZone = { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['zone-b'] };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: namespace },
    spec: {
      storageClassName: namespace,
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      csi: { driver: 'ebs.csi.aws.com', volumeHandle: namespace },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [inZone] }] } },
    },
  };
}

export function claim({ namespace }: Stage): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'orders' },
    spec: {
      storageClassName: namespace,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    },
  };
}

export function service(name: string, spec: object): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: LABELS, ports: [{ port: 443 }], ...spec },
  };
}

/** A part of the API that is answered by a Service of the stage. */
export function apiService({ namespace }: Stage, name: string): KubeObject {
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.metrics.example.com' },
    spec: {
      group: 'metrics.example.com',
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { namespace, name },
    },
  };
}

/** By which Pods reach it. */
export async function apiServerAddress({ cluster }: Stage): Promise<string> {
  const place = ['service/kubernetes', '-n', 'default', '-o', 'jsonpath={.spec.clusterIP}'];
  return passed(await cluster.kubectl(['get', ...place]));
}
