/** A release of Kubernetes without its patch, like `1.29`. */
export type KubernetesVersion = `1.${number}`;

/** How a version may be written: `1.29`, `v1.29.4`, `v1.29.4-eks-1b2c3d`. */
const WRITTEN = /^v?1\.(\d{1,3})(?:\.\d{1,5})?(?:[-+][0-9A-Za-z.+-]{0,100})?$/;

/** `v1.29.4-gke.100` → `1.29`; undefined for what is no version of Kubernetes. */
export function parseVersion(text: string): KubernetesVersion | undefined {
  const minor = WRITTEN.exec(text)?.[1];
  return minor === undefined ? undefined : `1.${Number(minor)}`;
}

/** Is the one as new as the other, or newer? 1.9 is older than 1.10. */
export function isAtLeast(one: KubernetesVersion, other: KubernetesVersion): boolean {
  return minorOf(one) >= minorOf(other);
}

function minorOf(version: KubernetesVersion): number {
  return Number(version.slice(2));
}
