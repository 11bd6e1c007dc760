import type { Kind } from '../kubernetes/kinds.ts';
import { groupOf, own } from '../kubernetes/object.ts';
import type { KubernetesVersion } from '../kubernetes/version.ts';
import type { Waiver } from './report.ts';
import type { Severity } from './rule.ts';

/** The object's kind in `premortem.yaml`. */
export const CONFIGURATION = { apiVersion: 'premortem.dev/v1', kind: 'Configuration' } as const;

/** Is it a configuration of premortem by its own word, right or wrong? */
export function isConfiguration(value: unknown): boolean {
  const apiVersion = own(value, 'apiVersion');
  const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : undefined;
  return own(value, 'kind') === CONFIGURATION.kind && group === groupOf(CONFIGURATION.apiVersion);
}

/** What a team decides for itself. There are no thresholds and no options of rules. */
export interface Configuration {
  /** What takes the place of a rule's own severity, by the rule's id. A rule that is `off` is not run. */
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
  /** What becomes of a request, in `enforce`, when a rule concerns it and itself fails. */
  readonly onError: 'allow' | 'deny';
  readonly waivers: readonly ConfiguredWaiver[];
  /** Does the annotation `waive.premortem.dev/<rule>` waive? */
  readonly annotationWaivers: 'honoured' | 'ignored';
  /** Custom kinds that run pods from a template. */
  readonly podTemplates: readonly Kind<unknown>[];
  /** The version that files are meant for; requests are judged without it. */
  readonly kubernetesVersion?: KubernetesVersion | undefined;
}

/** A waiver for objects that cannot be annotated. Lists that are left out match everything. */
export interface ConfiguredWaiver extends Waiver {
  readonly rule: string;
  /** Names of kinds, such as `Deployment`. */
  readonly kinds?: readonly string[];
  /** Globs; a Namespace counts as being in itself. */
  readonly namespaces?: readonly string[];
  /** Globs. */
  readonly names?: readonly string[];
  /** Where it stands: `premortem.yaml:12:5`. */
  readonly place: string;
}

/** What holds where nothing is configured. */
export const defaultConfiguration: Configuration = {
  severities: new Map(),
  onError: 'allow',
  waivers: [],
  annotationWaivers: 'honoured',
  podTemplates: [],
};
