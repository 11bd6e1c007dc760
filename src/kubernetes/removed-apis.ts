import rows from './removed-apis.json' with { type: 'json' };

/** Where a kind can no longer be created, and what is written instead. */
export interface RemovedApi {
  /** The Kubernetes version that no longer serves it, like `1.22`. */
  removedIn: string;
  /** The version that is served in its stead, like `batch/v1 CronJob`; undefined when the kind is gone. */
  successor: string | undefined;
  /** What to do when the kind is gone, or what is written otherwise in the successor; undefined when nothing is. */
  remark: string | undefined;
}

/** A kind that has another name now. */
const renamed: ReadonlyMap<string, string> = new Map([['ScheduledJob', 'CronJob']]);

/**
 * Every version of a kind that Kubernetes has stopped serving since 1.8, up to 1.36. Sources: the releases in
 * k8s.io/api zz_generated.prerelease-lifecycle.go of v0.36 and, of types deleted since, of the last tag that had them;
 * what carries no release there from k8s.io/api itself (the first tag without the type) and from the CHANGELOGs of
 * Kubernetes (rbac v1alpha1 and scheduling v1alpha1 1.23, node v1alpha1 1.24, networking v1alpha1 1.31).
 */
const removed: ReadonlyMap<string, RemovedApi> = new Map(
  rows.flatMap(({ removedIn, from, kinds, to, remark }) =>
    kinds.map(kind => {
      const successor = to === null ? undefined : `${to} ${renamed.get(kind) ?? kind}`;
      return [`${from} ${kind}`, { removedIn, successor, remark: remark ?? undefined }] as const;
    }),
  ),
);

/** `batch/v2alpha1 CronJob` → that 1.21 removed it; undefined for what 1.36 serves, and for what never was. */
export function removedApi(versionAndKind: string): RemovedApi | undefined {
  return removed.get(versionAndKind);
}

/** Every version of a kind that is gone, like `batch/v2alpha1 CronJob`. */
export function removedApis(): Iterable<string> {
  return removed.keys();
}
