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

/** What a LimitRange says of the memory of containers, as it is written. k8s plugin/pkg/admission/limitranger */
export interface MemoryRange {
  /** What a container without a limit gets. */
  defaultLimit: unknown;
  /** What a container without a request gets. */
  defaultRequest: unknown;
  /** More than this no container may ask for. */
  max: unknown;
}

export function memoryRanges(range: V1LimitRange): MemoryRange[] {
  const items: unknown = range.spec?.limits;
  if (!Array.isArray(items)) return [];
  return items
    .filter(item => own(item, 'type') === 'Container')
    .map(item => {
      const memory = (field: string) => own(own(item, field), 'memory');
      const max = memory('max');
      const defaultLimit = memory('default') ?? max;
      return { max, defaultLimit, defaultRequest: memory('defaultRequest') ?? defaultLimit ?? memory('min') };
    });
}

/** Does a LimitRange give containers without one a memory request (or limit)? */
export function hasDefaultMemory(range: V1LimitRange, what: 'requests' | 'limits'): boolean {
  return memoryRanges(range).some(
    ({ defaultLimit, defaultRequest }) =>
      (parseQuantity(what === 'limits' ? defaultLimit : defaultRequest) ?? 0) > 0,
  );
}
