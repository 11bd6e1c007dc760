import { type FieldType, structure } from './field-types.ts';
import { schemaOf } from './fields.ts';
import { kindOf } from './kinds.ts';
import { isMapping, type KubeObject } from './object.ts';

/** A value whose form is not the declared one: text where a list must stand, for instance. */
export interface Misfit {
  path: (string | number)[];
  /** `a list`, `a mapping`, `text`, … */
  expected: string;
}

/** A mapping or list of the object, and the way to it. */
interface Holder {
  type: FieldType;
  value: object;
  step: string | number;
  above: Holder | undefined;
}

const EXPECTED = {
  structure: 'a mapping',
  map: 'a mapping',
  list: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  IntOrString: 'a number or text',
  any: 'anything',
} as const;

/** What stands for an item that is none. */
const NOTHING = {
  structure: {},
  map: {},
  list: [],
  string: '',
  number: 0,
  boolean: false,
  IntOrString: '',
  any: null,
} as const;

/** A version that nobody knows is taken for the present one, since rules tell kinds by group and name. */
function typeOf(object: KubeObject): FieldType | undefined {
  const declared = structure(schemaOf(object.apiVersion ?? '', object.kind ?? '') ?? '');
  const kind = kindOf(object);
  if (declared || !kind) return declared;
  const version = kind.versions.at(-1);
  return structure(schemaOf(kind.group === '' ? `${version}` : `${kind.group}/${version}`, kind.name) ?? '');
}

/**
 * The object without the values that have another form than the declared one, so that whoever reads it may rely on
 * the rest, and a list of them: the API server refuses such an object. Quantities are declared as text and may be
 * numbers: in a map (`limits: {cpu: 2}`) a number is kept, elsewhere it is left out without being called a misfit.
 */
export function conform(object: KubeObject): { object: KubeObject; misfits: Misfit[] } {
  const type = typeOf(object);
  if (!type) return { object, misfits: [] };
  const bad: (Misfit & { tolerated: boolean; instead: unknown })[] = [];
  const open: Holder[] = [{ type, value: object, step: '', above: undefined }];
  const look = (inner: FieldType, value: unknown, step: string | number, above: Holder) => {
    const isItem = above.type.form === 'list';
    if (inner.form === 'any' || (value === null && !isItem)) return;
    if (!fits(inner, value, above.type.form === 'map')) {
      const tolerated = value === null || (inner.form === 'string' && typeof value === 'number');
      const path = [...wayTo(above), step];
      bad.push({ path, expected: EXPECTED[inner.form], tolerated, instead: NOTHING[inner.form] });
    } else if (typeof value === 'object' && value !== null) {
      open.push({ type: inner, value, step, above });
    }
  };
  for (let holder = open.pop(); holder; holder = open.pop()) {
    const { type, value } = holder;
    if (type.form === 'list' && Array.isArray(value)) {
      for (let index = 0; index < value.length; index++) look(type.of, value[index], index, holder);
    } else if (type.form === 'map' && isMapping(value)) {
      for (const [key, entry] of Object.entries(value)) look(type.of, entry, key, holder);
    } else if (type.form === 'structure' && isMapping(value)) {
      const { fields } = type;
      for (const [key, entry] of Object.entries(value)) {
        const field = fields.get(key);
        if (field) look(field, entry, key, holder);
      }
    }
  }
  if (bad.length === 0) return { object, misfits: [] };
  return {
    object: without(object, bad),
    misfits: bad.filter(({ tolerated }) => !tolerated).map(({ path, expected }) => ({ path, expected })),
  };
}

function wayTo(holder: Holder): (string | number)[] {
  const way: (string | number)[] = [];
  for (let at = holder; at.above; at = at.above) way.push(at.step);
  return way.reverse();
}

function fits(type: FieldType, value: unknown, inMap: boolean): boolean {
  switch (type.form) {
    case 'any':
      return true;
    case 'structure':
    case 'map':
      return isMapping(value);
    case 'list':
      return Array.isArray(value);
    case 'IntOrString':
      return typeof value === 'string' || typeof value === 'number';
    case 'string':
      return typeof value === 'string' || (inMap && typeof value === 'number');
    default:
      return typeof value === type.form;
  }
}

/**
 * A copy without the values at the paths. An item of a list becomes an empty one, so that the others keep their places:
 * the API server, too, reads `null` there as an item with nothing in it.
 */
function without(
  object: KubeObject,
  places: readonly { path: (string | number)[]; instead: unknown }[],
): KubeObject {
  const copies = new Map<unknown, Record<string | number, unknown>>();
  const copyOf = (value: unknown): Record<string | number, unknown> => {
    const copy = copies.get(value) ?? Object(Array.isArray(value) ? [...value] : { ...Object(value) });
    copies.set(value, copy);
    return copy;
  };
  const root = copyOf(object);
  for (const { path, instead } of places) {
    let at = root;
    let original: unknown = object;
    for (const step of path.slice(0, -1)) {
      original = Object(original)[step];
      at = at[step] = copyOf(original);
    }
    const last = path.at(-1) ?? '';
    if (Array.isArray(at)) at[Number(last)] = structuredClone(instead);
    else delete at[last];
  }
  return root;
}
