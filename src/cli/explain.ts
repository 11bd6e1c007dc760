import { distance } from 'fastest-levenshtein';
import { incidents } from '../incidents/index.ts';
import { explanation, lessonExplanation } from '../report/explanation.ts';
import examples from '../rules/examples.generated.json' with { type: 'json' };
import { rules } from '../rules/index.ts';
import { EXIT, type Io } from './io.ts';

/** `premortem explain RULE`, or the id of a lesson. */
export function explain(id: string, io: Io): number {
  const told = explainRule(id) ?? explainLesson(id.toUpperCase());
  if (told === undefined) {
    io.stderr.write(`error: ${unknownId(id)}\n`);
    return EXIT.failed;
  }
  io.stdout.write(told);
  return EXIT.ok;
}

function explainRule(id: string): string | undefined {
  const rule = rules.find(rule => rule.id === id);
  if (!rule) return undefined;
  const told = new Set(rule.lessons.map(({ incident }) => incident.id));
  const stories = [...told].map(id => incidents.find(incident => incident.id === id)?.story ?? '');
  return explanation(rule, stories, examples[rule.id as keyof typeof examples]);
}

function explainLesson(id: string): string | undefined {
  const tellings = incidents.flatMap(incident =>
    Object.values(incident.lessons)
      .filter(lesson => lesson.id === id)
      .map(lesson => ({ lesson, story: incident.story })),
  );
  const citing = rules.filter(rule => rule.lessons.some(lesson => lesson.id === id));
  return tellings.length === 0 ? undefined : lessonExplanation(id, tellings, citing);
}

function unknownId(id: string): string {
  if (/^[LD]\d+$/i.test(id))
    return `there is no lesson ${JSON.stringify(id)}; premortem rules lists those with a rule`;
  const near = rules.map(rule => rule.id).filter(other => distance(other, id) <= 4 || other.includes(id));
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'premortem rules lists them all';
  return `there is no rule ${JSON.stringify(id)}; ${hint}`;
}
