import { MANAGED_BY_HELM, RELEASE_NAME, RELEASE_NAMESPACE } from './helm.ts';
import { annotation, own } from './object.ts';

/** What has been told to keep an object as something else says: a chart, or a repository. */
export interface OwnerTool {
  tool: 'Helm' | 'Argo CD' | 'Flux Kustomization' | 'Flux HelmRelease';
  /** Of the release, application, Kustomization or HelmRelease. */
  name: string;
  /** Empty where the object does not tell. */
  namespace: string;
}

/** An object of any kind. */
type Owned = { metadata?: unknown };

/** Argo CD's record of what owns an object (argo-cd util/argo/resource_tracking.go). */
const TRACKING_ID = 'argocd.argoproj.io/tracking-id';
const OF_FLUX = [
  // fluxcd helm-controller internal/postrender/origin_labels.go
  ['Flux HelmRelease', 'helm.toolkit.fluxcd.io'],
  // fluxcd kustomize-controller: the labels of its inventory
  ['Flux Kustomization', 'kustomize.toolkit.fluxcd.io'],
] as const;

/** With these it does not change what it has made (fluxcd kustomize-controller docs/spec/v1/kustomizations.md). */
const LEFT_ALONE: Readonly<Record<string, readonly unknown[]>> = {
  reconcile: ['disabled'],
  ssa: ['Ignore', 'IfNotPresent'],
};

/**
 * The tool that owns an object, by the marks that the tool itself leaves. The label app.kubernetes.io/instance, which
 * Argo CD may track by too, is written by charts of any kind and tells nothing.
 */
export function ownerTool(object: Owned): OwnerTool | undefined {
  return ofFlux(object) ?? ofArgo(object) ?? ofHelm(object);
}

function ofFlux(object: Owned): OwnerTool | undefined {
  for (const [tool, group] of OF_FLUX) {
    const labels = own(object.metadata, 'labels');
    const [name, namespace] = [own(labels, `${group}/name`), own(labels, `${group}/namespace`)];
    if (!isName(name) || !isName(namespace)) continue;
    const isLeftAlone = Object.entries(LEFT_ALONE).some(([key, values]) =>
      [own(labels, `${group}/${key}`), annotation(object, `${group}/${key}`)].some(value =>
        values.includes(value),
      ),
    );
    if (!isLeftAlone) return { tool, name, namespace };
  }
  return undefined;
}

/** `shop:apps/Deployment:shop/web`: an annotation that was copied from another object names that one. */
function ofArgo(object: Owned): OwnerTool | undefined {
  const [application = '', , place = ''] = (annotation(object, TRACKING_ID) ?? '').split(':');
  const [home, called] = place.split('/');
  const [itsHome, itsName] = ['namespace', 'name'].map(key => own(object.metadata, key));
  if (called !== itsName || (home !== '' && itsHome !== undefined && home !== itsHome)) return undefined;
  // `argocd_shop` where applications may live in any namespace.
  const [name = '', namespace = ''] = application.split('_').reverse();
  return isName(name) && (namespace === '' || isName(namespace))
    ? { tool: 'Argo CD', name, namespace }
    : undefined;
}

/** Both marks are what Helm itself asks for (helm pkg/action/validate.go, checkOwnership). */
function ofHelm(object: Owned): OwnerTool | undefined {
  const [name, namespace] = [annotation(object, RELEASE_NAME), annotation(object, RELEASE_NAMESPACE)];
  const isIts = own(own(object.metadata, 'labels'), MANAGED_BY_HELM.key) === MANAGED_BY_HELM.value;
  return isIts && isName(name) && isName(namespace) ? { tool: 'Helm', name, namespace } : undefined;
}

/** Anybody may write anything into a label or an annotation, and commands to be pasted are made of these. */
function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value);
}
