import type { V1APIService } from '@kubernetes/client-node';
import { isMapping, own, valueAt } from './object.ts';

/** Does the API of an APIService answer, as the API server has found? Undefined where it has not looked yet. */
export function availability(
  api: V1APIService,
): { available: boolean; reason: string | undefined } | undefined {
  const conditions: unknown = api.status?.conditions;
  if (!Array.isArray(conditions)) return undefined;
  const condition: unknown = conditions.find(one => own(one, 'type') === 'Available');
  if (!isMapping(condition)) return undefined;
  const { status, reason } = condition;
  return { available: status === 'True', reason: typeof reason === 'string' ? reason : undefined };
}

/** The Service behind an APIService; undefined where the API server answers itself. */
export function backendOf(api: V1APIService): { namespace: string; name: string } | undefined {
  const [namespace, name] = ['namespace', 'name'].map(key => valueAt(api, ['spec', 'service', key]));
  return typeof namespace === 'string' && typeof name === 'string' && name !== ''
    ? { namespace, name }
    : undefined;
}
