import { dump } from 'js-yaml';
import { EVERY, isMapping } from './object.ts';

/**
 * A value at its place as YAML to paste: `['spec', 'suspend'], true` → `spec:\n  suspend: true`. A list index
 * becomes an item that is told by the name of the item in `object`, `*` one that stands for all.
 */
export function snippet(path: readonly (string | number)[], value: unknown, object?: unknown): string {
  return dump(nest(path, value, object), { lineWidth: -1, seqNoIndent: true }).trimEnd();
}

function nest(path: readonly (string | number)[], value: unknown, object: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (step === EVERY) return [nest(rest, value, undefined)];
  if (typeof step === 'string') {
    return {
      [step]: nest(rest, value, isMapping(object) && Object.hasOwn(object, step) ? object[step] : undefined),
    };
  }
  const item: unknown = Array.isArray(object) ? object[step] : undefined;
  const inner = nest(rest, value, item);
  const named =
    isMapping(item) && typeof item.name === 'string' && isMapping(inner) && !Object.hasOwn(inner, 'name');
  return [named ? { name: item.name, ...inner } : inner];
}
