import { annotation, isMapping, type KubeObject, own, valueAt } from './object.ts';

/** Where `kubectl apply` leaves what it was given, fields included that the API server does not know. */
export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** What `kubectl apply` was given last; undefined where it left no record, or none that can be read. */
export function lastApplied(object: object): KubeObject | undefined {
  const text = annotation(object, LAST_APPLIED);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One who wrote fields of an object: a tool, and how (k8s apimachinery/pkg/apis/meta/v1/types.go). */
export interface FieldManager {
  manager: string;
  operation: 'Apply' | 'Update';
  /** Empty when it wrote the object itself; `scale`, for instance, when it did not. */
  subresource: string;
}

/** Those who are on record as the owners of the field at a path of mapping keys. */
export function fieldManagers(object: object, path: readonly string[]): FieldManager[] {
  const entries = valueAt(object, ['metadata', 'managedFields']);
  if (!Array.isArray(entries)) return [];
  const keys = path.map(key => `f:${key}`);
  return entries
    .filter(entry => valueAt(own(entry, 'fieldsV1'), keys) !== undefined)
    .map(entry => ({
      manager: String(own(entry, 'manager') ?? ''),
      operation: own(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
      subresource: String(own(entry, 'subresource') ?? ''),
    }));
}
