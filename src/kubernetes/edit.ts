import { isMapping, type Path, valueAt } from './object.ts';

/**
 * A change to an object: a value set, with the parents it lacks; a value removed; or a value moved, maybe to
 * another name. The target of a move is looked up after the value was taken away.
 */
export type Edit =
  | { op: 'set'; path: Path; value: unknown }
  | { op: 'remove'; path: Path }
  | { op: 'move'; from: Path; path: Path };

/**
 * The value after the edits, applied in order; the value given is left as it is. An edit that does not fit,
 * such as one below a string, or of an item beyond the end of a list, is left out.
 */
export function applyEdits(value: unknown, edits: readonly Edit[]): unknown {
  return edits.reduce((edited: unknown, edit) => applyEdit(edited, edit) ?? edited, value);
}

/** The value after one edit; undefined when the edit does not fit. */
export function applyEdit(value: unknown, edit: Edit): unknown {
  if (edit.path.length === 0) return undefined;
  if (edit.op === 'set') return withValue(value, edit.path, edit.value);
  if (edit.op === 'remove') return withoutValue(value, edit.path);
  const rest = withoutValue(value, edit.from);
  return rest === undefined ? undefined : withValue(rest, edit.path, valueAt(value, edit.from));
}

function withValue(parent: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  const child = withValue(valueAt(parent, [step]), rest, value);
  return child === undefined ? undefined : withChild(parent, step, child);
}

function withChild(parent: unknown, step: string | number, child: unknown): unknown {
  if (typeof step === 'string') {
    const mapping = parent ?? {};
    return isMapping(mapping) ? { ...mapping, [step]: child } : undefined;
  }
  const list = parent ?? [];
  const fits = Array.isArray(list) && Number.isInteger(step) && step >= 0 && step <= list.length;
  return fits ? list.toSpliced(step, 1, child) : undefined;
}

function withoutValue(parent: unknown, [step, ...rest]: Path): unknown {
  const child = step === undefined ? undefined : valueAt(parent, [step]);
  if (step === undefined || child === undefined) return undefined;
  if (rest.length > 0) {
    const changed = withoutValue(child, rest);
    return changed === undefined ? undefined : withChild(parent, step, changed);
  }
  if (typeof step === 'number') return (parent as unknown[]).toSpliced(step, 1);
  const { [step]: _, ...others } = parent as Record<string, unknown>;
  return others;
}
