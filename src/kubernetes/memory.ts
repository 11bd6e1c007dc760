import type { V1LimitRange, V1ResourceRequirements } from '@kubernetes/client-node';
import { own } from './object.ts';
import { parseQuantity } from './quantity.ts';

/**
 * Does a container or pod have a memory request (or limit) above 0? A limit stands in for a missing request
 * (k8s pkg/apis/core/v1/defaults.go, SetDefaults_Pod).
 */
export function hasMemory(
  resources: V1ResourceRequirements | null | undefined,
  what: 'requests' | 'limits',
): boolean {
  const amount = own(own(resources, what), 'memory');
  if (amount == null) return what === 'requests' && hasMemory(resources, 'limits');
  return (parseQuantity(amount) ?? 0) > 0;
}

/** Does a LimitRange give containers without one a memory request (or limit)? k8s plugin/pkg/admission/limitranger */
export function hasDefaultMemory(range: V1LimitRange, what: 'requests' | 'limits'): boolean {
  const items: unknown = range.spec?.limits;
  if (!Array.isArray(items)) return false;
  return items.some(item => {
    if (own(item, 'type') !== 'Container') return false;
    const limit = own(own(item, 'default'), 'memory') ?? own(own(item, 'max'), 'memory');
    const request = own(own(item, 'defaultRequest'), 'memory') ?? limit ?? own(own(item, 'min'), 'memory');
    return (parseQuantity(what === 'limits' ? limit : request) ?? 0) > 0;
  });
}
