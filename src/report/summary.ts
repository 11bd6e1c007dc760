import { isNew, type Report, type Review } from '../model/report.ts';
import { SEVERITIES, type Severity } from '../model/rule.ts';

/** How many there are of each; waived and old findings count apart from the severities. */
export class Summary {
  files = 0;
  objects = 0;
  deny = 0;
  warn = 0;
  note = 0;
  waived = 0;
  existing = 0;
  undecided = 0;
  errors = 0;

  add({ findings, undecided }: Review): void {
    for (const finding of findings) {
      if (isNew(finding)) this[finding.severity] += 1;
      else if (finding.waiver) this.waived += 1;
      else this.existing += 1;
    }
    this.undecided += undecided.length;
  }

  /** What is known only when the last review has been made. */
  close({ files, objects, errors }: Report): void {
    this.files = files;
    this.objects = objects;
    this.errors = errors.length;
  }

  /** Is there a new, unwaived finding of this severity or a worse one? */
  reaches(severity: Severity): boolean {
    return SEVERITIES.slice(0, SEVERITIES.indexOf(severity) + 1).some(one => this[one] > 0);
  }
}
