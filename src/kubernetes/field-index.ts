import { type FieldType, type Structure, structure } from './field-types.ts';

/** One field of a structure, and the way there from the root: `['spec', 'containers[]', 'resources']`. */
export interface Declaration {
  readonly way: readonly string[];
  readonly owner: Structure;
  readonly type: FieldType;
}

const indexes = new Map<Structure, ReadonlyMap<string, readonly Declaration[]>>();

/**
 * Every declaration of a name in a kind, those nearest to the root first. A type inside itself (JSONSchemaProps) is
 * not entered a second time; `status` is left out, since nobody writes there what the API server would heed.
 */
export function declarationsOf(root: Structure, field: string): readonly Declaration[] {
  let index = indexes.get(root);
  if (index === undefined) {
    index = indexed(root);
    indexes.set(root, index);
  }
  return index.get(field) ?? [];
}

function indexed(root: Structure): Map<string, Declaration[]> {
  const index = new Map<string, Declaration[]>();
  const pending = [{ way: [] as string[], within: [root], owner: root }];
  for (const { way, within, owner } of pending) {
    for (const [field, type] of owner.fields) {
      if (owner === root && field === 'status') continue;
      const declarations = index.get(field) ?? [];
      declarations.push({ way, owner, type });
      index.set(field, declarations);
      const { inner, marks } = unwrapped(type);
      if (inner.form !== 'structure' || within.includes(inner)) continue;
      pending.push({ way: [...way, field + marks], within: [...within, inner], owner: inner });
    }
  }
  return index;
}

function unwrapped(type: FieldType): { inner: FieldType; marks: string } {
  let inner = type;
  let marks = '';
  while (inner.form === 'list' || inner.form === 'map') {
    marks += inner.form === 'list' ? '[]' : '{}';
    inner = inner.of;
  }
  return { inner, marks };
}

/** Every path at which a type declares a field of that name, like `spec.containers[].image`. */
export function declaredPaths(schema: string, field: string): string[] {
  const root = structure(schema);
  return root === undefined ? [] : declarationsOf(root, field).map(({ way }) => [...way, field].join('.'));
}
