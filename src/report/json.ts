import type { Finding, InputError, Review, WaiverProblem } from '../model/report.ts';
import type { ObjectRef } from '../model/subject.ts';
import type { Reporter } from './reporter.ts';
import type { Summary } from './summary.ts';

/** The report as JSON; its schema is report.schema.json beside this file. */
export class JsonReporter implements Reporter {
  readonly #findings: ReturnType<typeof findingAsJson>[] = [];
  readonly #undecided: { rule: string; object: ObjectRef; because: string }[] = [];
  readonly #waivers: WaiverProblem[] = [];

  add({ findings, undecided, waiverProblems }: Review): string {
    for (const finding of findings) this.#findings.push(findingAsJson(finding));
    this.#undecided.push(
      ...undecided.map(({ rule, object, because }) => ({ rule: rule.id, object, because })),
    );
    this.#waivers.push(...waiverProblems);
    return '';
  }

  end(errors: readonly InputError[], summary: Summary): string {
    const document = {
      schemaVersion: 1,
      findings: this.#findings,
      undecided: this.#undecided,
      waivers: this.#waivers,
      errors,
      summary,
    };
    return `${JSON.stringify(document, null, 2)}\n`;
  }
}

function findingAsJson(finding: Finding) {
  const { rule, lesson, origin, path } = finding;
  const place = origin?.locate(path);
  return {
    rule: rule.id,
    severity: finding.severity,
    object: finding.object,
    file: origin?.file ?? null,
    line: place?.line ?? null,
    column: place?.column ?? null,
    template: origin?.template ?? null,
    path: finding.at,
    what: finding.what,
    why: rule.why,
    fix: finding.fix,
    edits: finding.edits,
    incident: { id: lesson.incident.id, title: lesson.incident.title },
    existing: finding.existing,
    waiver: finding.waiver,
    fingerprint: finding.fingerprint,
  };
}
