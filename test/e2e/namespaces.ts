import { MODE_LABEL, type Mode } from '../../src/model/verdict.ts';
import type { ControlPlane } from './control-plane.ts';
import { namespace, pod } from './manifests.ts';
import { isRefused, passed } from './outcome.ts';
import { until } from './until.ts';

/** Makes a namespace, guarded from the start where a mode is given. */
export async function create(cluster: ControlPlane, name: string, mode?: Mode): Promise<void> {
  passed(await cluster.apply(namespace(name, mode)));
}

/** Gives a namespace a mode, in which what was there before stays. */
export async function guard(cluster: ControlPlane, name: string, mode: Mode): Promise<void> {
  passed(await cluster.kubectl(['label', '--overwrite', 'namespace', name, `${MODE_LABEL}=${mode}`]));
  if (mode === 'enforce') await until(`${name} is guarded`, 20, () => refusesBadPods(cluster, name));
}

/** Makes a namespace and waits until it is really guarded. */
export async function guarded(cluster: ControlPlane, name: string, mode: Mode): Promise<void> {
  await create(cluster, name);
  await guard(cluster, name, mode);
}

/** The API server learns of labels and webhook configurations a moment after it has stored them. */
async function refusesBadPods(cluster: ControlPlane, name: string): Promise<boolean> {
  const probe = pod(name, 'probe', { name: 'probe', script: true });
  return isRefused(await cluster.create(probe, '--dry-run=server'));
}
