import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { KubeObject } from '../../../src/kubernetes/object.ts';
import type { Ran } from '../command.ts';
import type { ControlPlane } from '../control-plane.ts';
import { passed } from '../outcome.ts';
import { until } from '../until.ts';

/** A controller that is going to do something does it within tens of milliseconds. */
const LONG_ENOUGH_MS = 300;
const PATIENCE_SECONDS = 20;

/** Where a story is played: a namespace of its own. */
export class Stage {
  readonly cluster: ControlPlane;
  readonly namespace: string;

  constructor(cluster: ControlPlane, namespace: string) {
    this.cluster = cluster;
    this.namespace = namespace;
  }

  kubectl(...args: string[]): Promise<Ran> {
    return this.cluster.kubectl([...args, '-n', this.namespace]);
  }

  /** Helm 3; with a later one the API server tells whose a field is, and an upgrade stops there. */
  helm(...args: string[]): Promise<Ran> {
    return this.cluster.helm(3, [...args, '-n', this.namespace]);
  }

  /** `kubectl apply` of an object that names no namespace. */
  apply(object: KubeObject, ...args: string[]): Promise<Ran> {
    return this.cluster.apply(object, '-n', this.namespace, ...args);
  }

  create(object: KubeObject, ...args: string[]): Promise<Ran> {
    return this.cluster.create(object, '-n', this.namespace, ...args);
  }

  async applied(...objects: KubeObject[]): Promise<void> {
    for (const object of objects) passed(await this.apply(object));
  }

  /** Deletes lines from what `kubectl apply` remembers, by the command that the messages print. */
  async forgotten(target: string, lines: string): Promise<void> {
    const command = `kubectl apply edit-last-applied -n ${this.namespace} ${target}`;
    passed(await this.cluster.shell(`KUBE_EDITOR='sed -i /${lines}/d' ${command}`));
  }

  /** The Pods that nobody has told to go. */
  async pods(): Promise<KubeObject[]> {
    const pods = await this.cluster.list('pods', this.namespace);
    return pods.filter(({ metadata }) => !metadata?.deletionTimestamp);
  }

  /** Waits until there are as many Pods. */
  async hasPods(count: number): Promise<void> {
    await until(`there are ${count} Pods in ${this.namespace}`, PATIENCE_SECONDS, () => this.#hasPods(count));
  }

  /** Waits until there are as many Pods, and sees to it that it stays so. */
  async keepsPods(count: number): Promise<void> {
    await this.hasPods(count);
    await this.stays(`there are ${count} Pods`, () => this.#hasPods(count));
  }

  /** The first Pod, once it is made. */
  async pod(): Promise<KubeObject> {
    return until('a Pod is made', PATIENCE_SECONDS, async () => (await this.pods())[0]);
  }

  async stays(what: string, isSo: () => Promise<boolean>): Promise<void> {
    await wait(LONG_ENOUGH_MS);
    assert.ok(await isSo(), `it stays so that ${what}`);
  }

  /** Waits until a field of an object has a value, as `kubectl get -o jsonpath` prints it. */
  async becomes(object: string, jsonpath: string, value: string): Promise<void> {
    await until(`${jsonpath} of ${object} is ${value}`, PATIENCE_SECONDS, async () => {
      return (await this.value(object, jsonpath)) === value;
    });
  }

  async value(object: string, jsonpath: string): Promise<string> {
    return passed(await this.kubectl('get', object, '-o', `jsonpath={${jsonpath}}`));
  }

  async #hasPods(count: number): Promise<boolean> {
    return (await this.pods()).length === count;
  }
}
