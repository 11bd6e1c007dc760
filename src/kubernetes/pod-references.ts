import type { Kind } from './kinds.ts';
import { ConfigMap, Secret, ServiceAccount } from './kinds.ts';
import { isMapping, own, type Path } from './object.ts';
import type { PodTemplate } from './pod.ts';

/** Something in a pod's own namespace without which the pod does not start. */
export interface PodReference {
  kind: Kind<unknown>;
  name: string;
  /** Where the name stands. */
  path: Path;
  /** What asks for it: `container "web"`, `volume "config"`. */
  by: string;
  /** The key that it has to have, and where that stands; undefined where all of it is taken. */
  key: { name: string; path: Path } | undefined;
}

/** What a pod refers to and cannot do without: what is optional is left out, and what pulls images. */
export function* podReferences(pod: PodTemplate): Generator<PodReference> {
  for (const { container, role, path } of pod.containers) {
    const by = `${role === 'init' ? 'init container' : 'container'} "${container.name}"`;
    for (const [index, variable] of listOf(container.env).entries())
      for (const [field, kind] of OF_VARIABLES)
        yield* referenceAt(own(variable, 'valueFrom'), field, kind, {
          by,
          path: [...path, 'env', index, 'valueFrom'],
        });
    for (const [index, source] of listOf(container.envFrom).entries())
      for (const [field, kind] of OF_SOURCES)
        yield* referenceAt(source, field, kind, { by, path: [...path, 'envFrom', index] });
  }
  for (const [index, volume] of listOf(pod.spec.volumes).entries()) {
    const by = `volume "${own(volume, 'name')}"`;
    const path = [...pod.path, 'spec', 'volumes', index];
    for (const [field, kind, name] of OF_VOLUMES) yield* referenceAt(volume, field, kind, { by, path, name });
    for (const [at, source] of listOf(own(own(volume, 'projected'), 'sources')).entries())
      for (const [field, kind] of OF_PROJECTIONS)
        yield* referenceAt(source, field, kind, { by, path: [...path, 'projected', 'sources', at] });
  }
  const account: unknown = pod.spec.serviceAccountName;
  if (typeof account === 'string' && account !== '')
    yield {
      kind: ServiceAccount,
      name: account,
      path: [...pod.path, 'spec', 'serviceAccountName'],
      by: 'the pod',
      key: undefined,
    };
}

const OF_VARIABLES = [
  ['configMapKeyRef', ConfigMap],
  ['secretKeyRef', Secret],
] as const;
const OF_SOURCES = [
  ['configMapRef', ConfigMap],
  ['secretRef', Secret],
] as const;
const OF_VOLUMES = [
  ['configMap', ConfigMap, 'name'],
  ['secret', Secret, 'secretName'],
] as const;
const OF_PROJECTIONS = [
  ['configMap', ConfigMap],
  ['secret', Secret],
] as const;

function* referenceAt(
  holder: unknown,
  field: string,
  kind: Kind<unknown>,
  { by, path, name: at = 'name' }: { by: string; path: Path; name?: string },
): Generator<PodReference> {
  const source = own(holder, field);
  const name = own(source, at);
  if (!isMapping(source) || typeof name !== 'string' || name === '' || source.optional === true) return;
  const base = { kind, name, path: [...path, field, at], by };
  const key = own(source, 'key');
  const items = listOf(own(source, 'items'));
  if (typeof key === 'string') yield { ...base, key: { name: key, path: [...path, field, 'key'] } };
  else if (items.length === 0) yield { ...base, key: undefined };
  for (const [index, item] of items.entries()) {
    const key = own(item, 'key');
    if (typeof key === 'string')
      yield { ...base, key: { name: key, path: [...path, field, 'items', index, 'key'] } };
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
