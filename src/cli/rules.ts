import { checkedIn } from '../model/rule.ts';
import { rules } from '../rules/index.ts';
import { EXIT, type Io } from './io.ts';
import type { Format } from './program.ts';

/** `premortem rules` */
export function listRules(format: Format, io: Io): number {
  if (format === 'json') {
    const list = rules.map(rule => ({
      id: rule.id,
      severity: rule.severity,
      title: rule.title,
      why: rule.why,
      unless: rule.unless,
      kinds: rule.kinds.map(({ group, name }) => ({ group, kind: name })),
      operations: rule.operations,
      checkedIn: checkedIn(rule),
      lessons: rule.lessons.map(({ id, teaches, incident }) => ({ id, teaches, incident: incident.id })),
    }));
    io.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return EXIT.ok;
  }
  const width = Math.max(...rules.map(({ id }) => id.length));
  for (const rule of rules) {
    const { who, when } = rule.lessons[0]?.incident ?? { who: '', when: '' };
    io.stdout.write(`${rule.severity.padEnd(5)} ${rule.id.padEnd(width)}  ${rule.title} (${who} ${when})\n`);
  }
  return EXIT.ok;
}
