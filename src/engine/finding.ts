import { createHash } from 'node:crypto';
import type { Edit } from '../kubernetes/edit.ts';
import { groupOf, type KubeObject } from '../kubernetes/object.ts';
import type { KubernetesVersion } from '../kubernetes/version.ts';
import type { Configuration } from '../model/configuration.ts';
import type { Lesson } from '../model/incident.ts';
import type { Origin } from '../model/origin.ts';
import { formatPath, type Path, stablePath } from '../model/path.ts';
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
export function findingOf(rule: Rule, fault: Fault, subject: Subject, surroundings: Surroundings): Finding {
  return new FaultFound(rule, fault, subject, surroundings);
}

/**
 * What few readers ask for is put together when they do. Getters stand on a class: V8 gives each object that brings its
 * own a hidden class, which keeps all that they see for long.
 */
class FaultFound implements Finding {
  readonly rule: Rule;
  readonly about: Finding['about'];
  readonly lesson: Lesson;
  readonly severity: Severity;
  readonly object: ObjectRef;
  readonly path: Path;
  readonly at: string;
  readonly identity: string;
  readonly what: string;
  readonly edits: readonly Edit[];
  readonly origin: Origin | undefined;
  existing: Finding['existing'] = 'no';
  waiver: Finding['waiver'] = null;
  readonly #fix: Fault['fix'];

  constructor(rule: Rule, fault: Fault, subject: Subject, { world, configuration }: Surroundings) {
    const [lesson] = rule.lessons;
    if (!lesson) throw new Error(`${rule.id} cites no lesson`);
    const about = fault.about ?? shownObject(rule, subject);
    const at = fault.about ? formatRef(refOf(about)) : formatPath(fault.path, about);
    const place = fault.about ? at : stablePath(fault.path, about);
    this.rule = rule;
    this.about = fault.about;
    this.lesson = lesson;
    this.severity = severityOf(rule, fault, configuration);
    this.object = refOf(subject.object);
    this.path = fault.path;
    this.at = printable(at);
    this.identity = `${fault.key ?? rule.id} ${place}`;
    this.what = printable(fault.what);
    this.edits = fault.edits ?? [];
    this.origin = fault.about ? world.originOf(about) : subject.origin;
    this.#fix = fault.fix;
  }

  get fix(): string {
    return printableLines(this.#fix());
  }

  get fingerprint(): string {
    const { apiVersion, kind, namespace, name } = this.object;
    const parts = [groupOf(apiVersion), kind, namespace ?? '', name, this.identity];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
  }
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
