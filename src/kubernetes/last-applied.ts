import { annotation, isMapping, type KubeObject } from './object.ts';

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
