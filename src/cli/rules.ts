import { checkedIn, type Rule } from '../model/rule.ts';
import { storyOf } from '../report/wording.ts';
import { rules } from '../rules/index.ts';
import { loadConfiguration } from './configuration.ts';
import { EXIT, type Io } from './io.ts';
import type { Format } from './program.ts';

/** `premortem rules`, with the severities that a configuration gives. */
export async function listRules(format: Format, config: string | undefined, io: Io): Promise<number> {
  const configuration = await loadConfiguration(config, io);
  if (!configuration) return EXIT.failed;
  const severityOf = ({ id, severity }: Rule) => configuration.severities.get(id) ?? severity;
  if (format === 'json') {
    const list = rules.map(rule => ({
      id: rule.id,
      severity: severityOf(rule),
      title: rule.title,
      why: rule.why,
      unless: rule.unless,
      kinds: rule.kinds.map(({ group, name }) => ({ group, kind: name })),
      operations: rule.operations,
      checkedIn: checkedIn(rule),
      lessons: rule.lessons.map(lesson => ({
        id: lesson.id,
        teaches: lesson.teaches,
        story: storyOf(lesson),
        incident: lesson.incident.id,
      })),
    }));
    io.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return EXIT.ok;
  }
  const where = (rule: Rule) => checkedIn(rule).join(',');
  const width = Math.max(...rules.map(({ id }) => id.length));
  const whereWidth = Math.max(...rules.map(rule => where(rule).length));
  for (const rule of rules) {
    const { who, when } = rule.lessons[0]?.incident ?? { who: '', when: '' };
    const columns = [severityOf(rule).padEnd(5), rule.id.padEnd(width), where(rule).padEnd(whereWidth)];
    const lessons = [...new Set(rule.lessons.map(({ id }) => id))].join(', ');
    io.stdout.write(`${columns.join(' ')}  ${rule.title} (${who} ${when}; ${lessons})\n`);
  }
  return EXIT.ok;
}
