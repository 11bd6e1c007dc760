import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import { isMapping, own } from '../kubernetes/object.ts';
import { parseVersion } from '../kubernetes/version.ts';
import { parseYaml, type YamlDocument } from '../kubernetes/yaml.ts';
import { type Configuration, type ConfiguredWaiver, isConfiguration } from '../model/configuration.ts';
import { isDay } from '../model/day.ts';
import type { Path } from '../model/path.ts';
import { printable } from '../model/printable.ts';
import type { InputError } from '../model/report.ts';
import type { Severity } from '../model/rule.ts';
import { likeliest, type Mistake, mistakesIn, quoted } from './configuration-mistakes.ts';
import { readSource, type Source } from './sources.ts';

/** More than a ConfigMap can hold (k8s pkg/apis/core/types.go, MaxSecretSize). */
const MOST_CHARACTERS = 1024 * 1024;
/** Nobody reads on beyond so many. */
const MOST_ERRORS = 100;
const NO_CONFIGURATION =
  'this is no configuration, which begins with apiVersion: premortem.dev/v1 and kind: Configuration';

/** The rules that there are. */
type Rules = readonly { readonly id: string }[];

/** Why a configuration cannot be used. The message quotes nothing of what it holds; the errors may. */
export class ConfigurationError extends Error {
  readonly errors: readonly InputError[];

  constructor(errors: readonly InputError[]) {
    const [first] = errors;
    const place = first?.line ? `:${first.line}:${first.column}` : '';
    super(`${printable(first?.file ?? '')}${place} holds no configuration that can be used`);
    this.errors = errors;
  }
}

/** Reads a file that holds a configuration. Rejects with a {@link ConfigurationError}. */
export async function readConfigurationFile(file: string, rules: Rules): Promise<Configuration> {
  const errors: InputError[] = [];
  const source = await readSource(file, errors);
  if (!source) throw new ConfigurationError(errors);
  return readConfiguration(source, rules);
}

/** Reads a configuration. Throws a {@link ConfigurationError} with all that is wrong, in the order of the text. */
export function readConfiguration({ file, text }: Source, rules: Rules): Configuration {
  const errors: InputError[] = [];
  const fail = (message: string, { line, column }: { line: number | null; column: number | null }) =>
    errors.push({ file, line, column, message: printable(message) });
  if (text.length > MOST_CHARACTERS) {
    fail('is larger than 1 MiB, more than a ConfigMap can hold', { line: null, column: null });
    throw new ConfigurationError(errors);
  }
  const yaml = parseYaml(text);
  const [document, second] = yaml.documents;
  const placeOf = (path: Path, at: Mistake['at'] = 'value') =>
    yaml.positionAt(document ? offsetOf(document, path, at) : 0);
  for (const error of yaml.errors) fail(error.message, error);
  if (second) fail('a configuration is a single document', yaml.positionAt(offsetOf(second, [], 'value')));
  if (!isConfiguration(document?.value)) {
    if (errors.length === 0) fail(NO_CONFIGURATION, placeOf([]));
  } else {
    const mistakes = [...mistakesIn(document?.value), ...wrongNames(document?.value, rules)];
    for (const { path, at, message } of mistakes.slice(0, MOST_ERRORS)) fail(message, placeOf(path, at));
  }
  if (errors.length > 0) throw new ConfigurationError(errors.sort(byPlace));
  return configurationOf(document?.value, index => {
    const { line, column } = placeOf(['waivers', index]);
    return printable(`${file}:${line}:${column}`);
  });
}

/** What the schema cannot know: which rules, days and kinds there are. */
function wrongNames(value: unknown, rules: Rules): Mistake[] {
  const ids = rules.map(({ id }) => id);
  const mistakes: Mistake[] = [];
  const checkRule = (id: unknown, path: Path, at: Mistake['at']) => {
    if (typeof id !== 'string' || ids.includes(id)) return;
    const near = likeliest(id, ids);
    const hint = near ? `did you mean ${near}?` : '`premortem rules` lists them all';
    mistakes.push({ path, at, message: `there is no rule ${quoted(id)}; ${hint}` });
  };
  for (const id of Object.keys(mappingAt(value, 'rules'))) checkRule(id, ['rules', id], 'key');
  for (const [index, waiver] of listAt(value, 'waivers').entries()) {
    const path = ['waivers', index];
    checkRule(own(waiver, 'rule'), [...path, 'rule'], 'value');
    const until = own(waiver, 'until');
    if (typeof until !== 'string' || isDay(until)) continue;
    const message = `waivers[${index}].until must be a day, written like 2026-12-31, and not ${quoted(until)}`;
    mistakes.push({ path: [...path, 'until'], at: 'value', message });
  }
  for (const [index, template] of listAt(value, 'podTemplates').entries()) {
    const [group, kind] = [own(template, 'group'), own(template, 'kind')];
    if (typeof group !== 'string' || !kindOf({ apiVersion: `${group}/v1`, kind })) continue;
    const message = `podTemplates[${index}] is a kind of Kubernetes itself, whose pods are known`;
    mistakes.push({ path: ['podTemplates', index], at: 'value', message });
  }
  return mistakes;
}

/** The configuration that a checked value stands for. `placeOf` tells where a waiver stands. */
function configurationOf(value: unknown, placeOf: (waiver: number) => string): Configuration {
  const severities = Object.entries(mappingAt(value, 'rules')).map(
    // YAML 1.1, which Kubernetes reads, takes a bare `off` for false.
    ([rule, severity]) => [rule, severity === false ? 'off' : (severity as Severity | 'off')] as const,
  );
  const version = own(value, 'kubernetesVersion');
  const waivers = listAt(value, 'waivers') as Omit<ConfiguredWaiver, 'place'>[];
  return {
    severities: new Map(severities),
    onError: own(value, 'onError') === 'deny' ? 'deny' : 'allow',
    waivers: waivers.map((waiver, index) => ({
      ...waiver,
      reason: printable(waiver.reason.trim()),
      until: waiver.until ?? null,
      place: placeOf(index),
    })),
    annotationWaivers: own(value, 'annotationWaivers') === 'ignored' ? 'ignored' : 'honoured',
    podTemplates: (listAt(value, 'podTemplates') as PodTemplateEntry[]).map(customKind),
    ...(typeof version === 'string' && { kubernetesVersion: parseVersion(version) }),
  };
}

/** As the schema has it. */
interface PodTemplateEntry extends Pick<Kind, 'group' | 'resource' | 'versions'> {
  kind: string;
  /** `spec.template` */
  path: string;
}

function customKind({ group, kind, resource, versions, path }: PodTemplateEntry): Kind {
  return { group, name: kind, resource, versions, scope: 'Namespaced', podTemplate: path.split('.') };
}

function mappingAt(value: unknown, key: string): Record<string, unknown> {
  const found = own(value, key);
  return isMapping(found) ? found : {};
}

function listAt(value: unknown, key: string): unknown[] {
  const found = own(value, key);
  return Array.isArray(found) ? found : [];
}

/** Where something is written, or the nearest that is around it. */
function offsetOf(document: YamlDocument, path: Path, at: Mistake['at']): number {
  const place = document.locate(path);
  if (place) return (at === 'key' && place.key ? place.key : place.value).start;
  return path.length === 0 ? document.span.start : offsetOf(document, path.slice(0, -1), 'value');
}

function byPlace(one: InputError, other: InputError): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}
