import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

/** Where envtest's own set-up puts them, unless `KUBEBUILDER_ASSETS` says otherwise. */
const USUAL_FOLDER = '/usr/local/kubebuilder/bin';
const REQUIRED = ['kube-apiserver', 'etcd', 'kubectl'];

export interface Binaries {
  folder: string;
  /** envtest brings no controllers: without them nothing makes Pods, and no Namespace ever disappears. */
  hasControllers: boolean;
}

/** Kubernetes' own programs on this machine, or why there is nothing to test against. */
export function findBinaries(folder = process.env.KUBEBUILDER_ASSETS || USUAL_FOLDER): Binaries | string {
  if (!REQUIRED.every(name => isProgram(join(folder, name))))
    return `e2e skipped: no kube-apiserver, etcd and kubectl in ${folder} (set KUBEBUILDER_ASSETS)`;
  return { folder, hasControllers: isProgram(join(folder, 'kube-controller-manager')) };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
