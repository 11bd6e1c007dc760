import type { KubeObject } from '../../src/kubernetes/object.ts';
import type { ControlPlane } from './control-plane.ts';
import { passed } from './outcome.ts';
import { until } from './until.ts';

/** What the charts `shop-1` and `shop-2` put into a namespace. */
const OBJECTS = ['deployment/web', 'configmap/settings', 'persistentvolumeclaim/orders'];

/** The kinds of the chart's objects that are there and not about to go, the Namespace first. */
export async function kindsLeft(cluster: ControlPlane, namespace: string): Promise<string[]> {
  const objects = await objectsOf(cluster, namespace);
  return objects.filter(({ metadata }) => !metadata?.deletionTimestamp).map(({ kind }) => String(kind));
}

/** Is the Namespace there, and about to stay? */
export async function lives(cluster: ControlPlane, namespace: string): Promise<boolean> {
  return (await kindsLeft(cluster, namespace)).includes('Namespace');
}

/** Changes whenever anything is done to one of the objects or to the Namespace. */
export async function stateOf(cluster: ControlPlane, namespace: string): Promise<string[]> {
  return (await objectsOf(cluster, namespace)).map(stateOfObject);
}

/** The same, once the controllers have done to a new Deployment what they do. */
export async function settledState(cluster: ControlPlane, namespace: string): Promise<string[]> {
  let last = '';
  return until(`${namespace} is settled`, 20, async () => {
    const objects = await objectsOf(cluster, namespace);
    const state = objects.map(stateOfObject);
    const was = last;
    last = state.join();
    return was === last && (!cluster.hasControllers || objects.some(waitsForItsPods)) && state;
  });
}

async function objectsOf(cluster: ControlPlane, namespace: string): Promise<KubeObject[]> {
  const what = [`namespace/${namespace}`, ...OBJECTS, '-n', namespace];
  const json = passed(await cluster.kubectl(['get', ...what, '--ignore-not-found', '-o', 'json']));
  return json === '' ? [] : (JSON.parse(json) as { items: KubeObject[] }).items;
}

function stateOfObject({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata?.uid} ${metadata?.resourceVersion}`;
}

/** Nothing runs Pods here: this is as far as a Deployment comes. */
function waitsForItsPods({ metadata, status }: KubeObject): boolean {
  const { observedGeneration, unavailableReplicas = 0 } = (status ?? {}) as DeploymentStatus;
  return observedGeneration === metadata?.generation && unavailableReplicas > 0;
}

interface DeploymentStatus {
  observedGeneration?: number;
  unavailableReplicas?: number;
}
