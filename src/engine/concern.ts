import { type Kind, podKinds } from '../kubernetes/kinds.ts';
import type { Rule } from '../model/rule.ts';
import type { Subject } from '../model/subject.ts';

/** The rules that speak of such an object, and of what is done to it. */
export function concerned(rules: readonly Rule[], { kind, operation }: Subject): readonly Rule[] {
  if (!kind) return [];
  const byKind = remembered.get(rules) ?? new Map<string, readonly Rule[]>();
  remembered.set(rules, byKind);
  const key = `${operation} ${kind.group}/${kind.name}`;
  const known = byKind.get(key);
  if (known) return known;
  const found = rules.filter(rule => speaksOf(rule, kind) && rule.operations.includes(operation));
  byKind.set(key, found);
  return found;
}

/** A rule of all kinds with pods speaks of custom ones too. */
function speaksOf({ kinds }: Rule, kind: Kind<unknown>): boolean {
  return kinds.includes(kind) || (kind.podTemplate !== undefined && kinds === podKinds);
}

/** The same few lists are asked for with every request. */
const remembered = new WeakMap<readonly Rule[], Map<string, readonly Rule[]>>();

/**
 * Objects that a controller makes from a template which somebody wrote earlier: the Pods of a ReplicaSet, the
 * Jobs of a CronJob. They are never judged when they are made or changed: to refuse them would turn the next node
 * drain into an outage.
 */
export function madeByController({ operation, object }: Subject): boolean {
  const owners: unknown = object.metadata?.ownerReferences;
  return operation !== 'DELETE' && Array.isArray(owners) && owners.some(owner => owner?.controller === true);
}
