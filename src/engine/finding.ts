import { createHash } from 'node:crypto';
import { groupOf, type KubeObject } from '../kubernetes/object.ts';
import type { KubernetesVersion } from '../kubernetes/version.ts';
import type { Configuration } from '../model/configuration.ts';
import { formatPath, stablePath } from '../model/path.ts';
import { printable, printableLines } from '../model/printable.ts';
import type { Finding } from '../model/report.ts';
import { type Fault, type Rule, SEVERITIES, type Severity } from '../model/rule.ts';
import { formatRef, type ObjectRef, refOf, type Subject } from '../model/subject.ts';
import type { World } from '../model/world.ts';

/** Beside what a finding is made. */
export interface Surroundings {
  world: World;
  configuration: Configuration;
  /** The version of Kubernetes that what is judged is meant for, where somebody has said. */
  target?: KubernetesVersion | undefined;
}

/** What a rule said of an object, with all that a report wants to know of it. */
export function findingOf(
  rule: Rule,
  fault: Fault,
  subject: Subject,
  { world, configuration }: Surroundings,
): Finding {
  const [lesson] = rule.lessons;
  if (!lesson) throw new Error(`${rule.id} cites no lesson`);
  const object = refOf(subject.object);
  const about = fault.about ?? shownObject(rule, subject);
  const at = fault.about ? formatRef(refOf(about)) : formatPath(fault.path, about);
  const place = fault.about ? at : stablePath(fault.path, about);
  const identity = `${fault.key ?? rule.id} ${place}`;
  return {
    rule,
    about: fault.about,
    lesson,
    severity: severityOf(rule, fault, configuration),
    object,
    path: fault.path,
    at: printable(at),
    identity,
    what: printable(fault.what),
    get fix() {
      return printableLines(fault.fix());
    },
    edits: fault.edits ?? [],
    origin: fault.about ? world.originOf(about) : subject.origin,
    existing: 'no',
    waiver: null,
    get fingerprint() {
      return fingerprint(object, identity);
    },
  };
}

/** A rule that asks for the manifest as written points into that, any other into the object. */
function shownObject(rule: Rule, { asWritten, object }: Subject): KubeObject {
  const written = Object.values(rule.needs).some(query => query.ask === 'as-written');
  return written && asWritten.known ? asWritten.value : object;
}

/** The configured severity stands in for the rule's own; a fault that its rule calls milder stays so. */
function severityOf(rule: Rule, fault: Fault, { severities }: Configuration): Severity {
  const configured = severities.get(rule.id) ?? rule.severity;
  const normal = configured === 'off' ? rule.severity : configured;
  const milder = weaker(fault.severity ?? rule.severity, rule.severity);
  return milder === rule.severity ? normal : weaker(milder, normal);
}

function weaker(one: Severity, other: Severity): Severity {
  return SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other) ? one : other;
}

function fingerprint({ apiVersion, kind, namespace, name }: ObjectRef, identity: string): string {
  const parts = [groupOf(apiVersion), kind, namespace ?? '', name, identity];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}
