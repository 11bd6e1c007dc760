import { isMapping } from './object.ts';
import { parseYaml } from './yaml.ts';

/** The documents of a kind that stand in a text; none where the text cannot be read, or holds no such kind. */
export function embedded(text: unknown, kind: string): Record<string, unknown>[] {
  // Most texts are something else, and need not be parsed to tell.
  if (typeof text !== 'string' || !text.includes(kind)) return [];
  return parseYaml(text)
    .documents.map(({ value }) => value)
    .filter(value => isMapping(value))
    .filter(value => Object.hasOwn(value, 'kind') && value.kind === kind);
}
