import { EVERY, own, type Path } from '../kubernetes/object.ts';

export type { Path };

/**
 * A path as people read it, with list items called by their name where that is unambiguous:
 * `spec.template.spec.containers[redis].image`.
 */
export function formatPath(path: Path, object: unknown): string {
  return format(path, object, String);
}

/**
 * The same, with `*` for items that have no name of their own, so that it does not change when a list does. Findings
 * are told apart by it.
 */
export function stablePath(path: Path, object: unknown): string {
  return format(path, object, () => EVERY);
}

function format(path: Path, object: unknown, unnamed: (index: number) => string): string {
  let text = '';
  let value = object;
  for (const step of path) {
    if (step === EVERY) {
      text += '[*]';
      value = undefined;
    } else if (typeof step === 'number') {
      text += `[${itemName(value, step) ?? unnamed(step)}]`;
      value = Array.isArray(value) ? value[step] : undefined;
    } else {
      const plain = /^[A-Za-z_$][\w$-]*$/.test(step);
      text += plain ? `${text && '.'}${step}` : `["${step}"]`;
      value = own(value, step);
    }
  }
  return text;
}

function itemName(list: unknown, index: number): string | undefined {
  if (!Array.isArray(list)) return undefined;
  const name = own(list[index], 'name');
  return typeof name === 'string' && name !== '' && timesNamed(list, name) === 1 ? name : undefined;
}

function timesNamed(list: unknown[], name: string): number {
  const counts = named.get(list) ?? new Map<unknown, number>();
  if (!named.has(list)) {
    named.set(list, counts);
    for (const item of list) counts.set(own(item, 'name'), (counts.get(own(item, 'name')) ?? 0) + 1);
  }
  return counts.get(name) ?? 0;
}

/** How often each name stands in a list. Ten thousand containers would be counted ten thousand times. */
const named = new WeakMap<unknown[], Map<unknown, number>>();
