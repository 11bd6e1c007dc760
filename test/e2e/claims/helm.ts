import { HELM_VERSIONS, type HelmVersion } from '../binaries.ts';
import type { ControlPlane } from '../control-plane.ts';
import { charts } from './helm-charts.ts';
import { namespaceDropped } from './helm-namespace.ts';

/** What Helm does with premortem in its way, for each version of Helm that is there. */
export function helm(cluster: ControlPlane): void {
  const versions = cluster.helmVersions;
  if (versions.length === 0) it.skip(`Helm skipped: no Helm ${HELM_VERSIONS.join(' or ')} beside kubectl`);
  for (const version of versions) describe(`Helm ${version}`, () => claims(cluster, version));
}

function claims(cluster: ControlPlane, version: HelmVersion): void {
  namespaceDropped(cluster, version);
  charts(cluster, version);
}
