import { MANAGED_BY_HELM } from '../kubernetes/helm.ts';
import { builtInKinds, type Kind, machineKinds, Namespace } from '../kubernetes/kinds.ts';
import type { FieldSelector, Part, Query } from '../model/query.ts';
import type { Rule } from '../model/rule.ts';

/** What is held in memory of all objects of one kind. */
export interface WatchPlan {
  readonly kind: Kind<unknown>;
  /** What is held beside the metadata. */
  readonly parts: readonly Part[];
  /** Only objects with all of these labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Only objects whose fields have these values; the API server offers few fields for that. */
  readonly fields: FieldSelector;
}

/** Which mode a namespace is in tells a label of it, so that their metadata is always needed. */
const NAMESPACES: WatchPlan = { kind: Namespace, parts: [], labels: {}, fields: {} };

/**
 * What has to be watched for what the rules ask: of each kind, once, the least that serves them all, and once more for
 * each namespace of which more is asked by its name. The webhook's rights follow from it. Throws if that is more than may
 * be watched.
 */
export function watchesFor(rules: readonly Rule[]): WatchPlan[] {
  const plans = new Map([[keyOf(NAMESPACES), NAMESPACES]]);
  for (const query of rules.flatMap(({ needs }) => Object.values(needs))) {
    const needed = planFor(query);
    if (!needed) continue;
    refuseUnfit(query, needed.kind);
    const planned = plans.get(keyOf(needed));
    plans.set(keyOf(needed), planned ? widened(planned, needed) : needed);
  }
  return [...plans.values()];
}

/** What is asked of one namespace would be held of all, if it were watched together with them. */
function keyOf({ kind, fields }: WatchPlan): string {
  return `${kind.group}/${kind.name} ${fields[IN_NAMESPACE] ?? ''}`;
}

/** Can the question be answered from what is held under the plan? */
export function serves(plan: WatchPlan, query: Query): boolean {
  const needed = planFor(query);
  if (needed?.kind !== plan.kind) return false;
  const { parts, labels, fields } = widened(plan, needed);
  const isAsWide = size(labels) === size(plan.labels) && size(fields) === size(plan.fields);
  return isAsWide && parts.every(part => isHeld(part, plan.parts));
}

const IN_NAMESPACE = 'metadata.namespace';
const SPEC: Part = ['spec'];

/** The least that has to be watched to answer one question. */
function planFor(query: Query): WatchPlan | undefined {
  switch (query.ask) {
    case 'in-same-namespace':
      return { kind: query.kind, parts: [SPEC], labels: {}, fields: {} };
    case 'owned-by-release': {
      const labels = { [MANAGED_BY_HELM.key]: MANAGED_BY_HELM.value };
      return { kind: query.kind, parts: [], labels, fields: query.where };
    }
    case 'named':
      return { kind: query.kind, parts: [], labels: {}, fields: { 'metadata.name': query.name } };
    case 'in-cluster':
      return { kind: query.kind, parts: query.parts, labels: {}, fields: query.where };
    case 'in-namespace':
      return { kind: query.kind, parts: query.parts, labels: {}, fields: inOne(query.namespace) };
    default:
      return undefined;
  }
}

function inOne(namespace: string | readonly string[]): FieldSelector {
  return typeof namespace === 'string' ? { [IN_NAMESPACE]: namespace } : {};
}

/** Both at once. Where the selection of one is given up, its fields have to be held to tell its objects. */
function widened(one: WatchPlan, other: WatchPlan): WatchPlan {
  const fields = common(one.fields, other.fields);
  const toCompare = [one, other]
    .flatMap(plan => Object.keys(plan.fields))
    .filter(field => !Object.hasOwn(fields, field) && !ALWAYS_HELD.has(field))
    .map(field => field.split('.'));
  return {
    kind: one.kind,
    parts: withoutHeld([...one.parts, ...other.parts, ...toCompare]),
    labels: common(one.labels, other.labels),
    fields,
  };
}

const ALWAYS_HELD = new Set(['metadata.name', IN_NAMESPACE]);

/** Each part once, and none that lies within another. */
function withoutHeld(parts: readonly Part[]): Part[] {
  return parts.filter((part, index) => {
    const others = parts.filter((other, at) => at < index || (at > index && other.length < part.length));
    return !isHeld(part, others);
  });
}

function isHeld(part: Part, parts: readonly Part[]): boolean {
  return parts.some(other => other.every((step, depth) => step === part[depth]));
}

function common(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(one).filter(([key, value]) => other[key] === value));
}

function size(selection: object): number {
  return Object.keys(selection).length;
}

function refuseUnfit({ ask }: Query, kind: Kind<unknown>): void {
  if (kind.confidential) throw new Error(`${kind.name} objects are confidential and never read`);
  if (!([...builtInKinds, ...machineKinds] as readonly Kind<unknown>[]).includes(kind))
    throw new Error(`${kind.name} is no kind of Kubernetes' own`);
  if ((ask === 'in-same-namespace' || ask === 'in-namespace') && kind.scope !== 'Namespaced')
    throw new Error(`${kind.name} is no kind that can be asked for by namespace`);
  if (ask === 'named' && kind.scope !== 'Cluster')
    throw new Error(`${kind.name} is no kind that can be asked for by name alone`);
}
