import type { OwnerTool } from './owner-tool.ts';

/** `Helm release shop`, and `Flux Kustomization flux-system/apps` for what belongs to another namespace. */
export function isCalled({ tool, name, namespace }: OwnerTool, beside: string | undefined): string {
  const what = { Helm: 'Helm release', 'Argo CD': 'Argo CD application' } as Record<string, string>;
  return `${what[tool] ?? tool} ${namespace === '' || namespace === beside ? '' : `${namespace}/`}${name}`;
}

/** When the tool writes again what is its own. */
export function nextTime({ tool }: OwnerTool): string {
  if (tool === 'Argo CD') return 'the next sync';
  return tool === 'Flux Kustomization' ? 'the next reconciliation' : 'the next upgrade';
}

/** How a change is made to stay. */
export function toKeep(owner: OwnerTool): string {
  const { tool, name, namespace } = owner;
  if (tool === 'Helm')
    return `make the same change in its values or its chart, and roll that out:\n${upgrade(owner)}`;
  const hold =
    tool === 'Argo CD'
      ? `argocd app set ${application(owner)} --sync-policy none`
      : `flux suspend ${resource(owner)} ${name} -n ${namespace}`;
  return `make the same change in its source; if that takes longer, stop ${nextTime(owner)} until then:\n${hold}`;
}

/** How all of what the tool owns is rolled out. */
export function rollOut(owner: OwnerTool): string {
  const { tool, name, namespace } = owner;
  if (tool === 'Helm') return upgrade(owner);
  if (tool === 'Argo CD') return `argocd app sync ${application(owner)}`;
  return `flux reconcile ${resource(owner)} ${name} -n ${namespace} --with-source`;
}

/** Without the values it would go back to those of the chart. */
function upgrade({ name, namespace }: OwnerTool): string {
  return `helm upgrade ${name} CHART -n ${namespace} -f VALUES`;
}

function application({ name, namespace }: OwnerTool): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

function resource({ tool }: OwnerTool): string {
  return tool === 'Flux HelmRelease' ? 'helmrelease' : 'kustomization';
}
