import declared from './fields.generated.json' with { type: 'json' };
import { isMapping } from './object.ts';

/** What a field can hold, as Kubernetes declares it. Quantities, times and enumerations are strings here. */
export type FieldType = FreeForm | Scalar | Collection | Structure;

interface FreeForm {
  readonly form: 'any';
}

interface Scalar {
  readonly form: 'string' | 'number' | 'boolean' | 'IntOrString';
}

/** A list, or a mapping whose keys are the author's own. */
interface Collection {
  readonly form: 'list' | 'map';
  readonly of: FieldType;
  /** Whether there are declared fields inside. */
  readonly structured: boolean;
}

/** A mapping whose keys are fields that Kubernetes declares, such as a PodSpec. */
export interface Structure {
  readonly form: 'structure';
  readonly name: string;
  readonly structured: true;
  readonly fields: ReadonlyMap<string, FieldType>;
}

/** Written by the API server alone, and never a place for anything else. */
const serversOwn = new Set(['V1ManagedFieldsEntry']);

const structures: Readonly<Record<string, Readonly<Record<string, string>>>> = declared.types;
const types = new Map<string, FieldType>();

/** The type behind a notation of the generated file: `string`, `V1Container[]`, `string{}`. */
function typeOf(notation: string): FieldType {
  let type = types.get(notation);
  if (type === undefined) {
    type = parsed(notation);
    types.set(notation, type);
  }
  return type;
}

function parsed(notation: string): FieldType {
  if (notation.endsWith('[]') || notation.endsWith('{}')) {
    const of = typeOf(notation.slice(0, -2));
    return { form: notation.endsWith('[]') ? 'list' : 'map', of, structured: isStructured(of) };
  }
  if (
    notation === 'string' ||
    notation === 'number' ||
    notation === 'boolean' ||
    notation === 'IntOrString'
  ) {
    return { form: notation };
  }
  const fields = Object.hasOwn(structures, notation) ? structures[notation] : undefined;
  return fields === undefined || serversOwn.has(notation)
    ? { form: 'any' }
    : new LazyStructure(notation, fields);
}

/** Types refer to one another and to themselves, so the fields are looked at when they are asked for. */
class LazyStructure implements Structure {
  readonly form = 'structure';
  readonly structured = true;
  readonly name: string;
  readonly #notations: Readonly<Record<string, string>>;
  #fields: ReadonlyMap<string, FieldType> | undefined;

  constructor(name: string, notations: Readonly<Record<string, string>>) {
    this.name = name;
    this.#notations = notations;
  }

  get fields(): ReadonlyMap<string, FieldType> {
    this.#fields ??= new Map(
      Object.entries(this.#notations).map(([field, notation]) => [field, typeOf(notation)]),
    );
    return this.#fields;
  }
}

export function isStructured(type: FieldType): type is Collection | Structure {
  return 'structured' in type && type.structured;
}

/** The declared fields of a type named in the generated file, such as `V1CronJob`. */
export function structure(name: string): Structure | undefined {
  const type = typeOf(name);
  return type.form === 'structure' ? type : undefined;
}

/**
 * Whether a field of that type could hold the value, judged one level deep: a mapping fits where at least half of
 * its keys are declared, so one more mistake inside does not hide where the whole belongs.
 */
export function canHold(type: FieldType, value: unknown): boolean {
  if (value === null) return true;
  switch (type.form) {
    case 'any':
      return true;
    case 'IntOrString':
      return typeof value === 'string' || typeof value === 'number';
    case 'list':
      return Array.isArray(value) && value.every(item => canHold(type.of, item));
    case 'map':
      return isMapping(value) && Object.values(value).every(entry => canHoldEntry(type.of, entry));
    case 'structure': {
      if (!isMapping(value)) return false;
      const keys = Object.keys(value);
      return keys.filter(key => type.fields.has(key)).length * 2 >= keys.length;
    }
    default:
      return typeof value === type.form;
  }
}

/** Quantities are declared as strings and are written as numbers just as well: `limits: {cpu: 2}`. */
function canHoldEntry(type: FieldType, value: unknown): boolean {
  return (type.form === 'string' && typeof value === 'number') || canHold(type, value);
}
