import rows from './removed-apis.json' with { type: 'json' };
import { isAtLeast, type KubernetesVersion } from './version.ts';

/** Where a kind can no longer be created, and what is written instead. */
export interface RemovedApi {
  /** The Kubernetes version that no longer serves it, like `1.22`. */
  removedIn: KubernetesVersion;
  /** The version that is served in its stead, like `batch/v1 CronJob`; undefined when the kind is gone. */
  successor: string | undefined;
  /** The first Kubernetes version that serves the successor; 1.8 stands for that or an older one. */
  since: KubernetesVersion | undefined;
  /** What to do when the kind is gone, or what is written otherwise in the successor; undefined when nothing is. */
  remark: string | undefined;
}

/** A kind that has another name now. */
const renamed: ReadonlyMap<string, string> = new Map([['ScheduledJob', 'CronJob']]);

/** The newest release of which it is known what it serves, and not only what it was announced to. */
const NEWEST_KNOWN: KubernetesVersion = '1.36';

/**
 * Every version of a kind that Kubernetes has stopped serving since 1.8, and what it is to stop serving up to 1.38.
 * Sources: the releases in k8s.io/api zz_generated.prerelease-lifecycle.go of v0.36 and, of types deleted since, of the
 * last tag that had them; what carries no release there from k8s.io/api itself (the first tag without the type) and from
 * the CHANGELOGs of Kubernetes (rbac v1alpha1 and scheduling v1alpha1 1.23, node v1alpha1 1.24, networking v1alpha1
 * 1.31). A successor is served since the first tag that registers it. Left out is what nobody applies: subresources
 * (Scale, DeploymentRollback), AdmissionReview, and the files that the API server reads (audit.k8s.io).
 */
const removed: ReadonlyMap<string, RemovedApi> = new Map(
  rows.flatMap(({ removedIn, from, kinds, to, since, remark }) =>
    kinds.map(kind => {
      const successor = to === null ? undefined : `${to} ${renamed.get(kind) ?? kind}`;
      const api = {
        removedIn: removedIn as KubernetesVersion,
        successor,
        since: (since ?? undefined) as KubernetesVersion | undefined,
        remark: remark ?? undefined,
      };
      return [`${from} ${kind}`, api] as const;
    }),
  ),
);

/** `batch/v2alpha1 CronJob` → that 1.21 removed it; undefined for what stays, and for what never was. */
export function removedApi(versionAndKind: string): RemovedApi | undefined {
  return removed.get(versionAndKind);
}

/** Does a cluster of this version, or where none is named the newest that is known, no longer serve it? */
export function isGone({ removedIn }: RemovedApi, target: KubernetesVersion = NEWEST_KNOWN): boolean {
  return isAtLeast(target, removedIn);
}

/** Every version of a kind that is gone or to go, like `batch/v2alpha1 CronJob`. */
export function removedApis(): Iterable<string> {
  return removed.keys();
}
