import { waiverKey } from '../engine/waivers.ts';
import type { Lesson } from '../model/incident.ts';
import type { Rule } from '../model/rule.ts';
import { wrap } from './wrap.ts';

export interface Example {
  bad: string;
  good: string;
}

const WIDTH = 90;

/** A rule as a page to read: what happened, how it happens, what to write instead, when to waive it. */
export function explanation(rule: Rule, incidentStories: readonly string[], { bad, good }: Example): string {
  const sources = new Map(rule.lessons.map(({ incident }) => [incident.id, incident]));
  const stories = [...sources.values()].map((incident, index) =>
    whatHappened(incident, incidentStories[index] ?? ''),
  );
  return `${[
    `${rule.id} (${rule.severity})\n${rule.title}`,
    ...stories,
    section('How it happens', rule.why),
    section('What it teaches', rule.lessons.map(({ id, teaches }) => `${id}  ${teaches}`).join('\n')),
    `${rule.severity === 'deny' ? 'Refused' : 'Warned about'}\n\n${indented(bad)}`,
    `Fine\n\n${indented(good)}`,
    section(
      'When to waive it',
      `When ${rule.unless}. Annotate it, with a reason and, if you like, a last day:`,
    ),
    `    ${waiverKey(rule.id)}: "<reason>; until=YYYY-MM-DD"`,
  ].join('\n\n')}\n`;
}

/** A lesson in one of the stories that teach it. */
export interface Telling {
  lesson: Lesson;
  story: string;
}

/** A lesson as a page to read: what happened, what it teaches, and what catches it or why nothing can. */
export function lessonExplanation(
  id: string,
  tellings: readonly Telling[],
  citing: readonly Pick<Rule, 'id' | 'title'>[],
): string {
  const width = Math.max(...citing.map(rule => rule.id.length));
  const caught = citing.map(rule => `${rule.id.padEnd(width)}  ${rule.title}`);
  return `${[
    citing.length > 0 ? id : `${id} (beyond the reach of a manifest check)`,
    ...tellings.flatMap(({ lesson, story }, index) => [
      // Of one outage, told once, there may be several.
      ...(tellings[index - 1]?.lesson.incident === lesson.incident
        ? []
        : [whatHappened(lesson.incident, story)]),
      section('What it teaches', lesson.teaches),
      ...(lesson.beyondReach === undefined
        ? []
        : [section('Why no check of a manifest can catch it', lesson.beyondReach)]),
    ]),
    ...(caught.length > 0 ? [section('Caught by', caught.join('\n'))] : []),
  ].join('\n\n')}\n`;
}

function whatHappened({ who, when, title, source }: Lesson['incident'], story: string): string {
  return section(`What happened: ${who} ${when}`, `${title}.\n${story}\n(${source})`);
}

function section(title: string, body: string): string {
  return [title, ...body.split('\n').flatMap(line => wrap(line, WIDTH, 0).map(part => `  ${part}`))].join(
    '\n',
  );
}

function indented(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, '    ');
}
