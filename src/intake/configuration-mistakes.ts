import { distance } from 'fastest-levenshtein';
import { own, valueAt } from '../kubernetes/object.ts';
import { formatPath, type Path } from '../model/path.ts';
import { printable } from '../model/printable.ts';
import schema from './configuration.schema.json' with { type: 'json' };
import { validate } from './configuration-validator.generated.ts';

/** Something that must not stand in a configuration, or be missing from it. */
export interface Mistake {
  path: Path;
  /** Is the key at fault, or what stands there? */
  at: 'key' | 'value';
  message: string;
}

/** One error of ajv (https://ajv.js.org/api.html#error-objects). */
interface SchemaError {
  /** A JSON pointer. */
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Readonly<Record<string, unknown>>;
}

/** What the schema has against a configuration. */
export function mistakesIn(value: unknown): Mistake[] {
  if (validate(value)) return [];
  return (
    (validate as { errors?: readonly SchemaError[] | null }).errors?.map(error => mistakeOf(error, value)) ??
    []
  );
}

function mistakeOf({ instancePath, schemaPath, keyword, params }: SchemaError, root: unknown): Mistake {
  const path = stepsOf(instancePath, root);
  const where = path.length === 0 ? 'the file' : formatPath(path, root);
  const say = (words: string): Mistake => ({ path, at: 'value', message: `${where} ${words}` });
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const known = Object.keys(Object(schemaBeside(schemaPath, 'properties')));
      const near = likeliest(key, known);
      const hint = near ? `did you mean ${near}?` : `there are ${known.join(', ')}`;
      return { path: [...path, key], at: 'key', message: `unknown key ${quoted(key)}; ${hint}` };
    }
    case 'required':
      return say(`has no ${params.missingProperty}`);
    case 'enum':
      return say(`must be ${either(params.allowedValues)}`);
    case 'const':
      return say(`must be ${params.allowedValue}`);
    case 'type':
      return say(`must be ${formOf(params.type, valueAt(root, path))}`);
    case 'minItems':
      return say('is an empty list');
    case 'pattern':
      return say(
        isBlank(valueAt(root, path)) ? 'is empty' : `must be ${schemaBeside(schemaPath, 'description')}`,
      );
    default:
      return say('is not as it must be');
  }
}

/** What the schema says beside a keyword. */
function schemaBeside(schemaPath: string, beside: string): unknown {
  return valueAt(schema, [...stepsIn(schemaPath).slice(0, -1), beside]);
}

const FORMS = { object: 'a mapping', array: 'a list', string: 'text' } as const;

/** `null`, which some places allow beside, goes without saying. */
function formOf(type: unknown, value: unknown): string {
  const form = FORMS[[type].flat()[0] as keyof typeof FORMS];
  const unquoted = type === 'string' && (typeof value === 'number' || typeof value === 'boolean');
  return unquoted ? `${form}: put it in quotes` : form;
}

function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

/** `deny, warn, note or off`, which YAML also reads as false. */
function either(allowed: unknown): string {
  const words = [allowed].flat().filter(one => typeof one === 'string');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** The word that was probably meant, if any is near. */
export function likeliest(word: string, known: readonly string[]): string | undefined {
  if (word.length > 100) return undefined;
  const [first] = known
    .map(one => ({ one, far: distance(one.toLowerCase(), word.toLowerCase()) }))
    .filter(({ one, far }) => far <= Math.max(2, one.length / 5))
    .sort((a, b) => a.far - b.far);
  return first?.one ?? (word.length > 2 ? known.find(one => one.includes(word)) : undefined);
}

export function quoted(text: string): string {
  return `"${printable(text, 80)}"`;
}

/** The steps of a JSON pointer; those into lists are numbers. */
function stepsOf(pointer: string, root: unknown): (string | number)[] {
  let value = root;
  return stepsIn(pointer).map(step => {
    const key = Array.isArray(value) ? Number(step) : step;
    value = Array.isArray(value) ? value[Number(step)] : own(value, step);
    return key;
  });
}

function stepsIn(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
