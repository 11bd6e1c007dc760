import { distance } from 'fastest-levenshtein';
import { incidents } from '../incidents/index.ts';
import { explanation } from '../report/explanation.ts';
import examples from '../rules/examples.generated.json' with { type: 'json' };
import { rules } from '../rules/index.ts';
import { EXIT, type Io } from './io.ts';

/** `premortem explain RULE` */
export function explain(id: string, io: Io): number {
  const rule = rules.find(rule => rule.id === id);
  if (!rule) {
    const near = rules.map(rule => rule.id).filter(other => distance(other, id) <= 4 || other.includes(id));
    const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'premortem rules lists them all';
    io.stderr.write(`error: there is no rule ${JSON.stringify(id)}; ${hint}\n`);
    return EXIT.failed;
  }
  const told = new Set(rule.lessons.map(({ incident }) => incident.id));
  const stories = [...told].map(id => incidents.find(incident => incident.id === id)?.story ?? '');
  io.stdout.write(explanation(rule, stories, examples[rule.id as keyof typeof examples]));
  return EXIT.ok;
}
