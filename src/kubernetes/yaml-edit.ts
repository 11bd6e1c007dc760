import { isDeepStrictEqual } from 'node:util';
import { YAMLException } from 'js-yaml';
import { applyEdit, type Edit } from './edit.ts';
import { type Path, valueAt } from './object.ts';
import { parseYaml, type YamlDocument, type YamlFile } from './yaml.ts';
import {
  addLines,
  addToBlock,
  behindKey,
  type Placement,
  removeFromBlock,
  replaceInBlock,
} from './yaml-edit-block.ts';
import { addToFlow, removeFromFlow, replaceInFlow } from './yaml-edit-flow.ts';
import { YamlFault } from './yaml-events.ts';
import { type Member, readTree, type TreeNode } from './yaml-tree.ts';
import { type Layout, layoutOf, writeKey } from './yaml-write.ts';

/**
 * The text of a file after edits of one of its documents, everything else in it left as it is. Undefined when
 * the text cannot say it, such as where the place came by an alias: the result is read again and compared.
 */
export function editYaml(file: YamlFile, document: YamlDocument, edits: readonly Edit[]): string | undefined {
  const { start, end } = document.span;
  let text = file.text.slice(start, end);
  let { value } = document;
  for (const edit of edits) {
    const edited = applyEdit(value, edit);
    if (edited === undefined) continue;
    const changed = editText(text, value, edit);
    if (changed === undefined) return undefined;
    text = changed;
    value = edited;
  }
  const { documents, errors } = parseYaml(text);
  const isRight =
    errors.length === 0 && documents.length === 1 && isDeepStrictEqual(documents[0]?.value, value);
  return isRight ? file.text.slice(0, start) + text + file.text.slice(end) : undefined;
}

function editText(text: string, value: unknown, edit: Edit): string | undefined {
  try {
    if (edit.op === 'set') return setValue(text, edit.path, edit.value, 'last');
    if (edit.op === 'remove') return removeValue(text, edit.path);
    return moveValue(text, edit.from, edit.path, valueAt(value, edit.from));
  } catch (error) {
    const cannotBeRead = error instanceof YamlFault;
    const cannotBeWritten = error instanceof YAMLException;
    if (cannotBeRead || cannotBeWritten) return undefined;
    throw error;
  }
}

/** A step from a collection to one of its entries. */
interface Step {
  parent: TreeNode;
  member: Member;
}

interface Route {
  steps: Step[];
  /** The innermost value of the path that is written. */
  end: TreeNode;
  /** What of the path is not written. */
  missing: Path;
}

/** Undefined where an alias is in the way: what it stands for is written, and read, elsewhere too. */
function follow(root: TreeNode, path: Path): Route | undefined {
  const steps: Step[] = [];
  let end = root;
  for (const [index, step] of path.entries()) {
    const member =
      typeof step === 'number' ? end.members[step] : end.members.findLast(({ key }) => key === step);
    if (end.kind === 'alias') return undefined;
    if (!member) return { steps, end, missing: path.slice(index) };
    steps.push({ parent: end, member });
    end = member.value;
  }
  return { steps, end, missing: [] };
}

function setValue(text: string, path: Path, value: unknown, placement: Placement): string | undefined {
  const root = readTree(text);
  const route = root && follow(root, path);
  if (!route) return undefined;
  const { steps, end, missing } = route;
  const layout = layoutOf(text, root);
  const last = steps.at(-1);
  const [key, ...further] = missing;
  const isEmpty = end.kind === 'scalar' || (end.flow && end.members.length === 0);
  if (last && (key === undefined || isEmpty)) return replace(text, last, wrap(missing, value), layout);
  if (key === undefined || end.kind === 'scalar') return undefined;
  const added = wrap(further, value);
  return end.flow
    ? addToFlow(text, end, key, added, layout)
    : addToBlock(text, end, key, added, placement, layout);
}

/** A value with the parents that lead to it. */
function wrap(path: Path, value: unknown): unknown {
  return path.reduceRight((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value);
}

function replace(text: string, { parent, member }: Step, value: unknown, layout: Layout): string {
  const write = parent.flow ? replaceInFlow : replaceInBlock;
  return write(text, parent, member, value, layout);
}

function removeValue(text: string, path: Path): string | undefined {
  const root = readTree(text);
  const steps = root && follow(root, path)?.steps;
  const last = steps?.at(-1);
  if (!root || !last || steps?.length !== path.length) return undefined;
  const { parent, member } = last;
  if (parent.members.length === 1) {
    const empty = parent.kind === 'list' ? [] : {};
    const outer = steps.at(-2);
    if (outer) return replace(text, outer, empty, layoutOf(text, root));
    return text.slice(0, root.start) + JSON.stringify(empty) + text.slice(root.end);
  }
  const index = parent.members.indexOf(member);
  return parent.flow ? removeFromFlow(text, parent, index) : removeFromBlock(text, parent, index);
}

/** Lines are moved as they are, comments included, where both places are in mappings without brackets. */
function moveValue(text: string, from: Path, path: Path, value: unknown): string | undefined {
  const source = readTree(text);
  const step = source && follow(source, from)?.steps.at(-1);
  const rest = removeValue(text, from);
  const root = rest === undefined ? undefined : readTree(rest);
  if (!step || rest === undefined || !root) return undefined;
  const target = follow(root, path.slice(0, -1));
  const key = path.at(-1);
  const isBlock = (node: TreeNode) => node.kind === 'mapping' && !node.flow;
  const isNew = target?.missing.length === 0 && !target.end.members.some(member => member.key === key);
  if (!target || !isNew || typeof key !== 'string' || !isBlock(target.end) || !isBlock(step.parent)) {
    return setValue(rest, path, value, 'first');
  }
  const layout = layoutOf(rest, root);
  const { member } = step;
  const name = member.key === key ? text.slice(member.start, member.keyEnd) : writeKey(key, layout);
  return addLines(rest, target.end, `${name}:${behindKey(text, member)}`, 'first', layout);
}
