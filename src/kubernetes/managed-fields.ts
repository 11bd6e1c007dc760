import { isMapping, own, type Path, valueAt } from './object.ts';
import { rememberLast } from './remember-last.ts';

/**
 * What the API server has on record of who wrote which field of an object; undefined where it has nothing. Of an object
 * under review the record is still text ({@link parseReview} in src/intake/review-json.ts).
 */
export function managedFieldsOf(object: unknown): readonly unknown[] | undefined {
  const record = valueAt(object, ['metadata', 'managedFields']);
  const entries = typeof record === 'string' ? parsed(record) : record;
  return Array.isArray(entries) ? entries : undefined;
}

const parsed = rememberLast((record: string): unknown => {
  try {
    return JSON.parse(record);
  } catch {
    return undefined;
  }
});

/** One who wrote fields of an object: a tool, and how (k8s apimachinery/pkg/apis/meta/v1/types.go). */
export interface FieldManager {
  manager: string;
  operation: 'Apply' | 'Update';
  /** Empty when it wrote the object itself; `scale`, for instance, when it did not. */
  subresource: string;
}

/** Those who are on record as the owners of the field at a path of mapping keys. */
export function fieldManagers(object: object, path: readonly string[]): FieldManager[] {
  const entries = managedFieldsOf(object) ?? [];
  const keys = path.map(key => `f:${key}`);
  return entries
    .filter(entry => valueAt(own(entry, 'fieldsV1'), keys) !== undefined)
    .map(entry => ({
      manager: String(own(entry, 'manager') ?? ''),
      operation: own(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
      subresource: String(own(entry, 'subresource') ?? ''),
    }));
}

/**
 * Those on record as having written a value of an object, each as it calls itself; undefined where there is no record.
 * Who scaled it, or wrote its status, is not among them.
 */
export function writersOf(object: unknown, path: Path): string[] | undefined {
  const entries = managedFieldsOf(object) ?? [];
  if (entries.length === 0) return undefined;
  return entries.filter(entry => !own(entry, 'subresource') && isWritten(object, path, entry)).map(nameOf);
}

function isWritten(object: unknown, path: Path, entry: unknown): boolean {
  let [value, fields] = [object, own(entry, 'fieldsV1')];
  for (const step of path) {
    const parent = value;
    value = valueAt(parent, [step]);
    const key = typeof step === 'number' ? keyOf(value, fields) : `f:${step}`;
    fields = key === undefined ? undefined : own(fields, key);
    if (fields === undefined) return false;
  }
  return true;
}

/** `k:{"name":"web"}`: how an item of a list is called in such a record (sigs.k8s.io/structured-merge-diff fieldpath). */
function keyOf(item: unknown, fields: unknown): string | undefined {
  if (!isMapping(fields)) return undefined;
  // Of the lists that may be long each item has a name, and is called by that alone.
  const byName = `k:${JSON.stringify({ name: own(item, 'name') })}`;
  if (Object.hasOwn(fields, byName)) return byName;
  return Object.keys(fields).find(key => key.startsWith('k:') && isKeyOf(key.slice(2), item));
}

function isKeyOf(text: string, item: unknown): boolean {
  try {
    const key: unknown = JSON.parse(text);
    return isMapping(key) && Object.entries(key).every(([field, value]) => own(item, field) === value);
  } catch {
    return false;
  }
}

function nameOf(entry: unknown): string {
  const manager = own(entry, 'manager');
  return typeof manager === 'string' ? manager : '';
}
