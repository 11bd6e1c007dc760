import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where envtest's own set-up puts them, unless `KUBEBUILDER_ASSETS` says otherwise. */
const USUAL_FOLDER = '/usr/local/kubebuilder/bin';
const REQUIRED = ['kube-apiserver', 'etcd', 'kubectl'];
/** Whichever of them are there: a name does not tell the version. */
const HELMS = ['helm', 'helm3', 'helm4'];

/** The major versions of Helm that are in use. */
export const HELM_VERSIONS = [3, 4] as const;
export type HelmVersion = (typeof HELM_VERSIONS)[number];

export interface Binaries {
  folder: string;
  /** envtest brings no controllers: without them nothing makes Pods, and no Namespace ever disappears. */
  hasControllers: boolean;
  /** The program of each version of Helm that is there. */
  helms: ReadonlyMap<HelmVersion, string>;
}

/** Kubernetes' own programs on this machine, or why there is nothing to test against. */
export function findBinaries(folder = process.env.KUBEBUILDER_ASSETS || USUAL_FOLDER): Binaries | string {
  if (!REQUIRED.every(name => isProgram(join(folder, name))))
    return `e2e skipped: no kube-apiserver, etcd and kubectl in ${folder} (set KUBEBUILDER_ASSETS)`;
  const hasControllers = isProgram(join(folder, 'kube-controller-manager'));
  return { folder, hasControllers, helms: findHelms(folder) };
}

function findHelms(folder: string): Map<HelmVersion, string> {
  const found = new Map<HelmVersion, string>();
  for (const program of HELMS.map(name => join(folder, name)).filter(isProgram)) {
    const { stdout } = spawnSync(program, ['version', '--short'], { encoding: 'utf8' });
    const version = HELM_VERSIONS.find(version => stdout.startsWith(`v${version}.`));
    if (version !== undefined && !found.has(version)) found.set(version, program);
  }
  return found;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
