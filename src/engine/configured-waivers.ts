import { CONFIGURATION, type Configuration, type ConfiguredWaiver } from '../model/configuration.ts';
import type { Finding, Review, WaiverProblem } from '../model/report.ts';
import { type ObjectRef, refOf } from '../model/subject.ts';
import { matchesGlob } from './glob.ts';

/** Is it a waiver of this rule for this object, be it expired or not? */
export function covers(waiver: ConfiguredWaiver, rule: string, object: ObjectRef): boolean {
  const { kind, name } = object;
  const namespace = kind === 'Namespace' ? name : (object.namespace ?? '');
  return (
    waiver.rule === rule &&
    (waiver.kinds?.includes(kind) ?? true) &&
    (waiver.namespaces?.some(glob => matchesGlob(namespace, glob)) ?? true) &&
    (waiver.names?.some(glob => matchesGlob(name, glob)) ?? true)
  );
}

/** The object that a finding speaks of. */
export function objectOf({ about, object }: Finding): ObjectRef {
  return about === undefined ? object : refOf(about);
}

export function isExpired({ until }: { readonly until: string | null }, today: string): boolean {
  return until !== null && until < today;
}

/** The waivers of one rule, in the order of the configuration. There may be thousands, and most are of other rules. */
export function waiversFor(rule: string, { waivers }: Configuration): readonly ConfiguredWaiver[] {
  if (waivers.length === 0) return waivers;
  const byRule = remembered.get(waivers) ?? Map.groupBy(waivers, waiver => waiver.rule);
  remembered.set(waivers, byRule);
  return byRule.get(rule) ?? [];
}

const remembered = new WeakMap<
  readonly ConfiguredWaiver[],
  ReadonlyMap<string, readonly ConfiguredWaiver[]>
>();

/** Finds the configured waivers that have expired, or that waived nothing in a whole run. */
export class WaiverAudit {
  readonly #configuration: Configuration;
  readonly #today: string;
  readonly #needless: Set<ConfiguredWaiver>;

  constructor(configuration: Configuration, today: string) {
    this.#configuration = configuration;
    this.#today = today;
    this.#needless = new Set(configuration.waivers);
  }

  add({ findings, undecided }: Review): void {
    if (this.#needless.size === 0) return;
    for (const finding of findings) this.#met(finding.rule.id, objectOf(finding));
    for (const { rule, object } of undecided) this.#met(rule.id, object);
  }

  /** Reviews in which the configuration is the object, each called by the place of its waiver. */
  end(): Review[] {
    return this.#configuration.waivers.flatMap(waiver => {
      const problem = this.#problemOf(waiver);
      if (!problem) return [];
      const { rule, place: name, reason: text } = waiver;
      const object = { ...CONFIGURATION, namespace: null, name };
      return { object, findings: [], undecided: [], waiverProblems: [{ rule, object, problem, text }] };
    });
  }

  #met(rule: string, object: ObjectRef): void {
    for (const waiver of waiversFor(rule, this.#configuration))
      if (this.#needless.has(waiver) && covers(waiver, rule, object)) this.#needless.delete(waiver);
  }

  #problemOf(waiver: ConfiguredWaiver): WaiverProblem['problem'] | undefined {
    if (isExpired(waiver, this.#today)) return 'expired';
    return this.#needless.has(waiver) ? 'needless' : undefined;
  }
}
