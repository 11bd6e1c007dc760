import type { Edit } from '../kubernetes/edit.ts';
import type { Kind } from '../kubernetes/kinds.ts';
import type { Lesson } from './incident.ts';
import type { Path } from './path.ts';
import type { Known, Needs } from './query.ts';
import { Release } from './release.ts';
import type { Identity, Operation } from './subject.ts';

export const SEVERITIES = ['deny', 'warn', 'note'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One place in a manifest at which a rule sees the outage coming. */
export interface Fault {
  /** The key at fault, or the place at which a key is missing. */
  path: Path;
  /** What is wrong, with the reader's own values: one clause, no full stop. */
  what: string;
  /** What to write instead, ready to paste, in one line or several; put together only when somebody reads it. */
  fix: () => string;
  /** The same as changes of the manifest, where they are mechanical. */
  edits?: readonly Edit[];
  /** When the fault is milder than its rule. */
  severity?: Severity;
  /**
   * What kind of fault it is at its path, the rule's own id when left out: a fault of another kind is a new one, and a
   * kind may be shared by rules that see the same fault differently.
   */
  key?: string;
  /** The object in which `path` is to be looked up, when that is another than the subject's. */
  about?: Identity;
}

export interface Rule {
  /** thing-what, as the file is called. It is printed, annotated and linked, so it never changes. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly lessons: readonly Lesson[];
  /** What Kubernetes does with such a manifest and how that becomes an outage: three sentences at the most. */
  readonly why: string;
  /** When a waiver is right. */
  readonly unless: string;
  /** True where the fix itself says how to go on all the same, so that no waiver is offered beside it. */
  readonly confirmable: boolean;
  readonly kinds: readonly Kind<unknown>[];
  readonly operations: readonly Operation[];
  readonly needs: Needs;
  readonly check: (context: {
    object: never;
    kind: Kind<unknown> | undefined;
    previous: never;
    operation: Operation;
    known: never;
  }) => Iterable<Fault>;
}

interface RuleSpec<K extends readonly Kind<unknown>[], N extends Needs>
  extends Omit<Rule, 'confirmable' | 'operations' | 'kinds' | 'needs' | 'check'> {
  readonly confirmable?: boolean;
  readonly kinds: K;
  readonly operations?: readonly Operation[];
  readonly needs?: N;
  readonly check: (context: {
    object: ObjectOf<K>;
    /** With pods, perhaps one that only the configuration knows. */
    kind: Kind<unknown> | undefined;
    /** The object before an UPDATE. */
    previous: ObjectOf<K> | undefined;
    operation: Operation;
    known: Known<N>;
  }) => Iterable<Fault>;
}

type ObjectOf<K extends readonly Kind<unknown>[]> = K[number] extends Kind<infer T> ? T : never;

/** Declares a rule. `kinds` gives `object` its type, `needs` gives `known` its. */
export function rule<const K extends readonly Kind<unknown>[], const N extends Needs = Record<never, never>>(
  spec: RuleSpec<K, N>,
): Rule {
  const { operations = ['CREATE', 'UPDATE'], needs = {} as N, confirmable = false } = spec;
  const { id, title, severity, lessons, why, unless, kinds, check } = spec;
  // All of one form, since V8 reads a field of many forms slowly, and every request is judged by dozens of rules.
  const whole = { id, title, severity, lessons, why, unless, confirmable, kinds, operations, needs, check };
  return whole as unknown as Rule;
}

/**
 * Where a rule can be decided: files are applied and never deleted, and nobody knows by whom; not every kind is sent to
 * the webhook, and nobody knows what is sent together.
 */
export function checkedIn({ operations, kinds, needs }: Rule): ('files' | 'webhook')[] {
  if (kinds.every(({ resource }) => resource === '') || asksAmongFiles(needs)) return ['files'];
  const isOfRequests = Object.values(needs).some(({ ask }) => ask === 'asker');
  const isOfFiles = !isOfRequests && operations.some(operation => operation !== 'DELETE');
  return isOfFiles ? ['files', 'webhook'] : ['webhook'];
}

/** Does it depend on what is checked together, so that an object alone cannot tell whether it is at fault? */
export function isJudgedTogether({ kinds, needs }: Rule): boolean {
  return kinds.includes(Release) || asksAmongFiles(needs);
}

/** Do they ask what stands beside an object in files? */
export function asksAmongFiles(needs: Needs): boolean {
  return Object.values(needs).some(({ ask }) => ask === 'among-files');
}
