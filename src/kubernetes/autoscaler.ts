import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import { type Kind, kindOf } from './kinds.ts';
import { own } from './object.ts';

/** Does the autoscaler scale this object? It names its target by group, kind and name, in its own namespace. */
export function scales(
  autoscaler: V2HorizontalPodAutoscaler,
  object: { metadata?: { name?: string } },
  kind: Kind<unknown> | undefined,
): boolean {
  const target: { name?: unknown } = autoscaler.spec?.scaleTargetRef ?? {};
  const apiVersion = own(target, 'apiVersion');
  return (
    kind !== undefined &&
    kindOf({ apiVersion, kind: own(target, 'kind') }) === kind &&
    target.name === object.metadata?.name
  );
}
