import { existsSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';

/** How a cluster is reached: as a kubeconfig says, or as the pod that we run in was told. */
export type Cluster = { readonly kubeconfig: string } | InCluster;

export interface InCluster {
  /** `https://10.0.0.1:443` */
  readonly server: string;
  /** The folder with the `token` and the `ca.crt` of the pod's service account. */
  readonly serviceAccount: string;
}

/** What the kubelet sets in every pod, `enableServiceLinks: false` or not (k8s pkg/kubelet/kubelet_pods.go). */
export interface ClusterEnvironment {
  readonly KUBERNETES_SERVICE_HOST?: string | undefined;
  readonly KUBERNETES_SERVICE_PORT?: string | undefined;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster to look things up in: the one of the kubeconfig, if one was named, otherwise the one that we run in.
 * Undefined outside of any, and in a pod without a service account's token.
 */
export function findCluster(
  kubeconfig: string | undefined,
  environment: ClusterEnvironment,
  serviceAccount: string = SERVICE_ACCOUNT,
): Cluster | undefined {
  if (kubeconfig !== undefined) return { kubeconfig };
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = environment;
  if (!host || !port || !existsSync(join(serviceAccount, 'token'))) return undefined;
  return { server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`, serviceAccount };
}
