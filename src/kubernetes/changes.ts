import { isMapping, own, type Path, valueAt } from './object.ts';

/** One value that is not as it was. */
export interface Change {
  /** Where it is, or what it was taken from. */
  path: Path;
  /** Where it was; undefined where it is new. */
  before: Path | undefined;
  was: unknown;
  is: unknown;
}

/** No field of a manifest is deeper; what is goes as one value. */
const DEEPEST = 40;

interface Pair {
  path: Path;
  before: Path;
  was: unknown;
  is: unknown;
}

/**
 * What has changed between two states of an object, value by value. Items of lists are told apart by their names, as
 * containers and variables are; a list of anything else is one value.
 */
export function changes(was: unknown, is: unknown): Change[] {
  const found: Change[] = [];
  const open: Pair[] = [{ path: [], before: [], was, is }];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const { path, before, was, is } = pair;
    if (isMapping(was) && isMapping(is) && path.length < DEEPEST) {
      const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort().reverse();
      for (const key of keys) {
        if (Object.hasOwn(was, key) && Object.hasOwn(is, key))
          open.push({ path: [...path, key], before: [...before, key], was: was[key], is: is[key] });
        else if (Object.hasOwn(is, key))
          found.push({ path: [...path, key], before: undefined, was: undefined, is: is[key] });
        else found.push({ path: [...path, key], before: [...before, key], was: was[key], is: undefined });
      }
      continue;
    }
    const [old, now] = [byName(was), byName(is)];
    if (!old || !now || path.length >= DEEPEST) {
      if (!isSame(was, is)) found.push({ path, before, was, is });
      continue;
    }
    for (const [name, { index, item }] of now) {
      const former = old.get(name);
      if (former)
        open.push({ path: [...path, index], before: [...before, former.index], was: former.item, is: item });
      else found.push({ path: [...path, index], before: undefined, was: undefined, is: item });
    }
    for (const [name, { index, item }] of old)
      if (!now.has(name)) found.push({ path, before: [...before, index], was: item, is: undefined });
  }
  return found;
}

/** The items of a list by their names, where each has one of its own. */
function byName(list: unknown): Map<unknown, { index: number; item: unknown }> | undefined {
  if (!Array.isArray(list) || list.length === 0) return undefined;
  const named = new Map(list.map((item, index) => [own(item, 'name'), { index, item }]));
  return named.size === list.length && !named.has(undefined) ? named : undefined;
}

/** Are two values the same, as deep as they may be? The order of keys tells nothing. */
function isSame(one: unknown, other: unknown): boolean {
  const open: [unknown, unknown][] = [[one, other]];
  for (let pair = open.pop(); pair; pair = open.pop()) {
    const [a, b] = pair;
    if (Object.is(a, b)) continue;
    if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
    const keys = Object.keys(a);
    if (Array.isArray(a) !== Array.isArray(b) || keys.length !== Object.keys(b).length) return false;
    for (const key of keys) {
      if (!Object.hasOwn(b, key)) return false;
      open.push([(a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]]);
    }
  }
  return true;
}

/** The value that stands in another object where a path leads in this one; items of lists are found by their names. */
export function valueOfSame(other: unknown, object: unknown, path: Path): unknown {
  let [value, same] = [object, other];
  for (const step of path) {
    value = valueAt(value, [step]);
    const list = same;
    same =
      typeof step === 'number' && Array.isArray(list)
        ? list.find(item => own(item, 'name') === own(value, 'name'))
        : valueAt(list, [step]);
  }
  return same;
}
