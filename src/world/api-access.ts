import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Cluster, InCluster } from './cluster.ts';

/** The part of a KubeConfig that requests are made with: where the API server is, and how we prove who we are. */
export type ApiAccess = Pick<KubeConfig, 'getCurrentCluster' | 'applySecurityAuthentication'>;

/** Why a kubeconfig cannot be used, in words that quote nothing of it. */
export class KubeconfigError extends Error {}

/** How to get at the API server. Throws {@link KubeconfigError}. */
export async function accessTo(cluster: Cluster): Promise<ApiAccess> {
  return 'kubeconfig' in cluster ? readKubeconfig(cluster.kubeconfig) : serviceAccountAccess(cluster);
}

async function readKubeconfig(file: string): Promise<ApiAccess> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  try {
    config.loadFromFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${error.code})` : '';
    throw new KubeconfigError(`cannot read the kubeconfig ${file}${code}`);
  }
  if (!config.getCurrentCluster())
    throw new KubeconfigError(`the current context of ${file} names no cluster`);
  return config;
}

/**
 * Access with the pod's own service account. KubeConfig can do this too, but it brings all of the API's models with
 * it: 75 MB of resident memory. Token and authority are read for each request, so the kubelet may change them.
 */
async function serviceAccountAccess({ server, serviceAccount }: InCluster): Promise<ApiAccess> {
  const { Agent } = await import('undici');
  return {
    getCurrentCluster: () => ({ name: 'in-cluster', server, skipTLSVerify: false }),
    async applySecurityAuthentication(context) {
      const [token, ca] = await Promise.all([
        readFile(join(serviceAccount, 'token'), 'utf8'),
        readFile(join(serviceAccount, 'ca.crt')),
      ]);
      context.setHeaderParam('Authorization', `Bearer ${token.trim()}`);
      context.setDispatcher(new Agent({ allowH2: false, connect: { ca } }));
    },
  };
}
