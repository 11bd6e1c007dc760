import { type FieldType, isStructured, type Structure } from './field-types.ts';
import { isMapping } from './object.ts';

/** A mapping of an object, together with the type that Kubernetes declares for it. */
export interface Place {
  readonly mapping: Record<string, unknown>;
  readonly type: Structure;
  readonly above: Place | undefined;
  /** The steps from the mapping above: a field, and its index or key where the field is a list or a map. */
  readonly steps: readonly (string | number)[];
}

/** A key that the type of its place does not declare. */
export interface Stray {
  readonly place: Place;
  readonly key: string;
}

/**
 * Every key of an object that is not declared where it stands, those nearest to the root first. Free-form values,
 * `status` and values of another form than the declared one are not entered, nor is the same mapping a second time:
 * YAML aliases can make an object share its parts, or contain itself.
 */
export function straysIn(object: unknown, type: Structure): Stray[] {
  const strays: Stray[] = [];
  const places: Place[] = [];
  const seen = new Set<unknown>();
  const enter = (type: FieldType, value: unknown, above: Place | undefined, steps: (string | number)[]) => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (type.form === 'structure') {
      if (isMapping(value)) places.push({ mapping: value, type, above, steps });
    } else if (type.form === 'list' && Array.isArray(value)) {
      for (let index = 0; index < value.length; index++)
        enter(type.of, value[index], above, [...steps, index]);
    } else if (type.form === 'map' && isMapping(value)) {
      for (const key of Object.keys(value)) enter(type.of, value[key], above, [...steps, key]);
    }
  };
  enter(type, object, undefined, []);
  for (const place of places) {
    for (const key of Object.keys(place.mapping)) {
      const field = place.type.fields.get(key);
      if (field === undefined) strays.push({ place, key });
      else if (isStructured(field) && !(place.above === undefined && key === 'status')) {
        enter(field, place.mapping[key], place, [key]);
      }
    }
  }
  return strays;
}

/** From the root to the place. */
export function chainTo(place: Place): Place[] {
  const chain: Place[] = [];
  for (let at: Place | undefined = place; at !== undefined; at = at.above) chain.push(at);
  return chain.reverse();
}

export function pathOf(place: Place): (string | number)[] {
  return chainTo(place).flatMap(({ steps }) => steps);
}

/** The way to a place as its types tell it: `['spec', 'containers[]']`, `['spec', 'deviceAttributes{}']`. */
export function wayTo(place: Place): string[] {
  return chainTo(place)
    .slice(1)
    .map(({ steps: [field, item] }) =>
      item === undefined ? `${field}` : typeof item === 'number' ? `${field}[]` : `${field}{}`,
    );
}
