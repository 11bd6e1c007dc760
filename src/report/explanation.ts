import { waiverKey } from '../engine/waivers.ts';
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
  const stories = [...sources.values()].map(({ who, when, title, source }, index) =>
    section(`What happened: ${who} ${when}`, `${title}.\n${incidentStories[index] ?? ''}\n(${source})`),
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

function section(title: string, body: string): string {
  return [title, ...body.split('\n').flatMap(line => wrap(line, WIDTH, 0).map(part => `  ${part}`))].join(
    '\n',
  );
}

function indented(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, '    ');
}
