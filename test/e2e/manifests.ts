import type { KubeObject } from '../../src/kubernetes/object.ts';
import { MODE_LABEL, type Mode } from '../../src/model/verdict.ts';

/** A container as the tests tell them apart: good, unless something is said of it. */
export interface ContainerSpec {
  name: string;
  image?: string;
  /** `false`: without a memory request. */
  memory?: boolean;
  /** Is it probed by a script that nothing reaps? */
  script?: boolean;
}

export function namespace(name: string, mode?: Mode): KubeObject {
  const labels = mode === undefined ? {} : { [MODE_LABEL]: mode };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function configMap(namespace: string, name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } };
}

/** What a container gets that asks for nothing itself. */
export function limitRange(namespace: string, memory: string): KubeObject {
  const limits = [{ type: 'Container', defaultRequest: { memory }, default: { memory } }];
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'defaults', namespace },
    spec: { limits },
  };
}

export function pod(namespace: string, name: string, ...containers: ContainerSpec[]): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: podSpec(containers) };
}

export function deployment(namespace: string, name: string, ...containers: ContainerSpec[]): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: podSpec(containers) },
    },
  };
}

/** A CronJob whose runs may pile up. */
export function cronJob(namespace: string, name: string, schedule: string): KubeObject {
  const template = { spec: { ...podSpec([{ name: 'main' }]), restartPolicy: 'Never' } };
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace },
    spec: { schedule, jobTemplate: { spec: { template } } },
  };
}

function podSpec(containers: ContainerSpec[]): object {
  return { containers: containers.map(container) };
}

export function container({ name, image = 'shop:1', memory = true, script = false }: ContainerSpec): object {
  const probe = { exec: { command: ['ready.sh'] }, timeoutSeconds: 5 };
  return {
    name,
    image: `registry.example.com/${image}`,
    resources: memory ? { requests: { memory: '64Mi' }, limits: { memory: '128Mi' } } : {},
    ...(script && { readinessProbe: probe }),
  };
}
