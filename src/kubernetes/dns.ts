import type { V1Container } from '@kubernetes/client-node';
import { own } from './object.ts';
import type { PodTemplate } from './pod.ts';

/** The kubelet writes so into a pod's resolv.conf (k8s pkg/kubelet/network/dns/dns.go). */
const DEFAULT_NDOTS = 5;
/** A Service is called `redis.db` in another namespace: of two words the second must be no likely namespace. */
const TOP_LEVEL = /\.(?:com|net|org|io|info)$/i;
const TOP_LEVEL_OF_THREE = /\.[^.]+\.(?:dev|app|cloud|[a-z]{2})$/i;

/** Names with fewer dots are looked up in every search domain first; undefined where the cluster's DNS is not asked. */
export function ndotsOf({ spec }: PodTemplate): number | undefined {
  const { dnsPolicy = 'ClusterFirst', dnsConfig, hostNetwork } = spec;
  const asked =
    dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy === 'ClusterFirst' && hostNetwork !== true);
  if (!asked) return undefined;
  const option = dnsConfig?.options?.find(option => option?.name === 'ndots');
  return option ? Number(option.value ?? 0) : DEFAULT_NDOTS;
}

/** The first host outside the cluster that a URL in the container's command or environment names. */
export function outsideHost({ command, args, env }: V1Container): string | undefined {
  const texts = [...list(command), ...list(args), ...list(env).map(each => own(each, 'value'))];
  for (const text of texts) {
    if (typeof text !== 'string') continue;
    for (const [, host = ''] of text.matchAll(
      /\b[a-z][a-z0-9+]{1,15}:\/\/(?:[^@/\s]{1,200}@)?([a-z0-9.-]{3,253})/gi,
    ))
      if ((TOP_LEVEL.test(host) || TOP_LEVEL_OF_THREE.test(host)) && !/^[\d.]+$/.test(host)) return host;
  }
  return undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
