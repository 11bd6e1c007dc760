import { gzipSync } from 'node:zlib';
import type { KubeObject } from '../src/kubernetes/object.ts';

export interface Rollout {
  name: string;
  namespace: string;
  /** The revision that is to become the current one, from 1. */
  revision: number;
  /** What the templates were rendered to, hooks apart. */
  manifest: string;
  hooks?: { path: string; manifest: string }[];
}

/** The Secret in which Helm stores a release before it rolls it out (helm pkg/storage/driver/secrets.go). */
export function storedRelease({ name, namespace, revision, manifest, hooks = [] }: Rollout): KubeObject {
  const status = revision === 1 ? 'pending-install' : 'pending-upgrade';
  const payload = { name, namespace, version: revision, info: { status }, manifest, hooks };
  const packed = gzipSync(JSON.stringify(payload)).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'helm.sh/release.v1',
    metadata: {
      name: `sh.helm.release.v1.${name}.v${revision}`,
      namespace,
      labels: { name, owner: 'helm', status, version: String(revision) },
    },
    data: { release: Buffer.from(packed).toString('base64') },
  };
}
