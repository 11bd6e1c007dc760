import { distance } from 'fastest-levenshtein';
import { declarationsOf } from './field-index.ts';
import { chainTo, type Place, pathOf, wayTo } from './field-places.ts';
import { canHold, type Structure } from './field-types.ts';
import { EVERY, isMapping, own } from './object.ts';

/** Where Kubernetes does declare a field that was written somewhere else. */
export interface Home {
  /** The path of the field there. A step `'*'` into a list stands for each of its items, if there are several. */
  path: (string | number)[];
  /** `case`: the same place, in other letters; `level`: another place. */
  reason: 'case' | 'level';
  /** Whether the field is set there already (behind a `'*'`: in each item). */
  alreadySet: boolean;
}

/** What the object has at the end of a way down. */
interface Landing {
  path: (string | number)[];
  alreadySet: boolean;
  /** Whether the mapping that would take the field is there. */
  exists: boolean;
}

interface Candidate extends Landing {
  owner: Structure;
  up: number;
  down: number;
}

/**
 * Names that say something only beside their neighbours, so that the same name elsewhere is a coincidence. So are
 * names that more than four types of a kind declare for such a value, such as `key`, `readOnly` and `fsType`.
 */
const common = new Set(['apiVersion', 'kind', 'name', 'namespace', 'labels', 'annotations']);

/** Names that are common where more than one type declares them: an Ingress has one `path`, a pod has ten. */
const commonInPods = new Set(['host', 'path', 'port']);

/** How far, in levels, a field is looked for below its place or to the side of it. */
const reach = 4;

/** More places than this at the same distance are no answer. */
const mostPlaces = 3;

/**
 * Where a field that its place does not declare belongs, likeliest first, at most three places.
 *
 * 1. The same place, if it declares the name in other letters.
 * 2. Else every declaration of the name in the kind is a candidate whose type can hold the value. It is `up` levels
 *    up from the place, then `down` levels down. Any way straight up is near enough, for whole blocks get indented
 *    too far; straight down up to four levels; to the side four levels together, and only if the field is not
 *    missing anywhere straight above or below.
 * 3. The way down must be there but for its last mapping: `limits` in a container without `resources` belongs in
 *    `resources.limits`. A mapping right beside the place's own must be there, since one kind of volume does not
 *    stand for another, unless it is its namesake one level up (`securityContext`). A list leads to its only item
 *    or, as `'*'`, to all of them.
 * 4. A common name is looked for one level up or down only, where it is missing in a mapping that is there. But
 *    `labels` and `annotations` may be set already, and are taken from a spec to the metadata beside it, too.
 * 5. Nearer comes first. At the same distance, a mapping that is there comes before one that would have to be made,
 *    and that before one where the field is set already; then the one above before the one below.
 * 6. Left out is what lies two levels farther than the nearest; what is set already two levels down or more, where
 *    nobody misses it; mappings to be made in place of one that is there; and places among which nothing decides:
 *    four of the same rank, or mappings to be made of different types.
 */
export function homesOf(place: Place, key: string, value: unknown): Home[] {
  const otherCase = siblingInOtherCase(place, key, value);
  if (otherCase !== undefined) {
    const alreadySet = Object.hasOwn(place.mapping, otherCase);
    return [{ path: [...pathOf(place), otherCase], reason: 'case', alreadySet }];
  }
  const candidates = candidatesFor(place, key, value);
  const straight = candidates.filter(({ up, down }) => up === 0 || down === 0);
  return likeliest(straight.some(({ alreadySet }) => !alreadySet) ? straight : candidates).map(
    ({ path, alreadySet }) => ({
      path,
      reason: 'level',
      alreadySet,
    }),
  );
}

function siblingInOtherCase(place: Place, key: string, value: unknown): string | undefined {
  const letters = key.toLowerCase();
  for (const [field, type] of place.type.fields) {
    if (field.length === key.length && field.toLowerCase() === letters && canHold(type, value)) return field;
  }
  return undefined;
}

function candidatesFor(place: Place, key: string, value: unknown): Candidate[] {
  const chain = chainTo(place);
  const here = wayTo(place);
  const fitting = declarationsOf((chain[0] ?? place).type, key).filter(({ type }) => canHold(type, value));
  const owners = new Set(fitting.map(({ owner }) => owner)).size;
  const isCommon = common.has(key) || owners > (commonInPods.has(key) ? 1 : 4);
  const candidates: Candidate[] = [];
  for (const { way: there, owner } of fitting) {
    const shared = sharedSteps(here, there);
    const up = here.length - shared;
    const down = there.length - shared;
    if (down === 0 && fieldOf(here[shared]) === key) continue; // the place would move into itself
    const near = isCommon ? up + down === 1 || describes(key, here, there) : down === 0 || up + down <= reach;
    const from = chain[shared];
    const landing = near && from ? landingOf(from, there.slice(shared), key) : undefined;
    if (landing === undefined) continue;
    if (up > 0 && down === 1 && !landing.exists && here.at(-1) !== there.at(-1)) continue;
    if (isCommon && !isDescription(key) && (landing.alreadySet || !landing.exists)) continue;
    if (landing.alreadySet && down > 1) continue;
    candidates.push({ ...landing, owner, up, down });
  }
  return candidates;
}

function sharedSteps(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

function fieldOf(step: string | undefined): string | undefined {
  return step?.replace(/[[\]{}]+$/, '');
}

function isDescription(key: string): boolean {
  return key === 'labels' || key === 'annotations';
}

/** `spec.labels` → `metadata.labels` beside that spec. */
function describes(key: string, here: readonly string[], there: readonly string[]): boolean {
  const shared = here.length - 1;
  return (
    isDescription(key) &&
    here[shared] === 'spec' &&
    there.length === here.length &&
    there[shared] === 'metadata' &&
    sharedSteps(here, there) === shared
  );
}

function landingOf(from: Place, way: readonly string[], key: string): Landing | undefined {
  const path = pathOf(from);
  let mappings: unknown[] = [from.mapping];
  for (const step of way) {
    const field = fieldOf(step) ?? step;
    if (step.endsWith('{}') || !mappings.some(isMapping)) return undefined;
    path.push(field);
    mappings = mappings.map(mapping => own(mapping, field));
    if (step === field) continue;
    mappings = mappings.flatMap(list => (Array.isArray(list) ? list : []));
    if (!mappings.some(isMapping)) return undefined;
    path.push(mappings.length === 1 ? 0 : EVERY);
  }
  return {
    path: [...path, key],
    alreadySet: mappings.every(mapping => own(mapping, key) !== undefined),
    exists: mappings.some(isMapping),
  };
}

function likeliest(candidates: readonly Candidate[]): Candidate[] {
  const there = candidates.filter(({ exists }) => exists);
  const worthMaking = candidates.filter(
    ({ exists, up, down }) => !exists && !there.some(other => other.up === up && other.down === down),
  );
  const ranks = [...Map.groupBy([...there, ...worthMaking], rank)].toSorted(([a], [b]) => a - b);
  const end = (ranks[0]?.[0] ?? 0) + 2;
  const homes: Candidate[] = [];
  for (const [rank, equals] of ranks) {
    const choices = new Set(equals.filter(({ exists }) => !exists).map(({ owner }) => owner)).size;
    if (rank >= end || equals.length > mostPlaces || choices > 1) break;
    homes.push(...equals.toSorted((a, b) => a.down - b.down));
  }
  return homes.slice(0, mostPlaces);
}

/** Levels count most; then a mapping that is there, one that would have to be made, one that has the field already. */
function rank({ up, down, exists, alreadySet }: Candidate): number {
  return up + down + (alreadySet ? 0.2 : exists ? 0 : 0.1);
}

/** The declared field, in the same place, of the nearest spelling that could hold the value, if one is near. */
export function nearestSibling(place: Place, key: string, value: unknown): string | undefined {
  let best: { field: string; edits: number } | undefined;
  for (const [field, type] of place.type.fields) {
    if (Math.abs(field.length - key.length) > 2) continue;
    const edits = distance(field, key);
    if (edits > 2 || edits * 2 >= key.length || edits >= (best?.edits ?? 3)) continue;
    if (canHold(type, value)) best = { field, edits };
  }
  return best?.field;
}
