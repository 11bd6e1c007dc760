/** What Helm writes on the objects of a release, and reads on them (helm pkg/action/validate.go, pkg/kube/resource_policy.go). */
export const RELEASE_NAME = 'meta.helm.sh/release-name';
export const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace';
export const RESOURCE_POLICY = 'helm.sh/resource-policy';
/** The one value of it that keeps an object from being deleted in an upgrade, to the letter. */
export const KEEP = 'keep';

/** The label of every object that Helm made, since 3.2. */
export const MANAGED_BY_HELM = { key: 'app.kubernetes.io/managed-by', value: 'Helm' } as const;

/** On a manifest that is no part of the release but is run at some moment of it (helm pkg/release/v1/hook.go). */
export const HOOK = 'helm.sh/hook';
export const HOOK_DELETE_POLICY = 'helm.sh/hook-delete-policy';
