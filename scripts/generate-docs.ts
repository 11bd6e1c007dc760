import { existsSync, readFileSync } from 'node:fs';
import { dump, load } from 'js-yaml';
import { incidents } from '../src/incidents/index.ts';
import { checkedIn, type Rule } from '../src/model/rule.ts';
import { rules } from '../src/rules/index.ts';
import { generated } from './generated.ts';

const NOTE = '<!-- Written by npm run generate from the code beside it. -->';

generated('src/rules/README.md', rulesPage());
generated('src/incidents/README.md', incidentsPage());
generated('src/rules/examples.generated.json', `${JSON.stringify(examples(), null, 2)}\n`);
generated('README.md', withRulesTable(readFileSync('README.md', 'utf8')));

function rulesPage(): string {
  const sections = rules.map(rule => {
    const { bad, good } = exampleOf(rule);
    return [
      `## ${rule.id}`,
      `**${rule.severity}** · checked in ${checkedIn(rule).join(' and ')} · ${rule.operations.join(', ')} of ${kindsOf(rule)}`,
      `${rule.title}. ${rule.why}`,
      ...rule.lessons.map(
        ({ id, teaches, incident }) =>
          `- ${id}: ${teaches} [${incident.who} ${incident.when}](../incidents/README.md#${incident.id})`,
      ),
      `Bad:\n\n${yaml(bad)}`,
      `Good:\n\n${yaml(good)}`,
      `Waive it when ${rule.unless}.`,
    ]
      .join('\n\n')
      .replaceAll(/\n\n(?=- )/g, '\n')
      .replace('\n- ', '\n\n- ');
  });
  return `# Rules\n\n${NOTE}\n\n${rulesTable('#')}\n\n${sections.join('\n\n')}\n`;
}

function incidentsPage(): string {
  const sections = incidents.map(incident => {
    const lessons = Object.values(incident.lessons).map(lesson => {
      const citing = rules
        .filter(rule => rule.lessons.includes(lesson))
        .map(({ id }) => `[${id}](../rules/README.md#${id})`);
      return `| ${lesson.id} | ${lesson.teaches} | ${citing.join(', ') || `beyond reach: ${lesson.beyondReach}`} |`;
    });
    return [
      `## ${incident.id}`,
      `**${incident.title}** (${incident.who}, ${incident.when})`,
      incident.story,
      `Told in: ${incident.source}.`,
      ['| lesson | it teaches | caught by |', '|---|---|---|', ...lessons].join('\n'),
    ].join('\n\n');
  });
  return `# Incidents\n\n${NOTE}\n\n${sections.join('\n\n')}\n`;
}

/** What `premortem explain` shows: the case that is named after the rule's incident, bad and mended. */
function examples(): Record<string, { bad: string; good: string }> {
  return Object.fromEntries(rules.map(rule => [rule.id, exampleOf(rule)]));
}

function exampleOf(rule: Rule): { bad: string; good: string } {
  if (rule.lessons.length === 0)
    throw new Error(`${rule.id} cites no lesson: there is no rule without an incident`);
  const read = (side: string) => {
    const path = `test/rules/${rule.id}/${side}/${rule.lessons[0]?.incident.id}`;
    const exists = `${path}.cluster.yaml`;
    const before = existsSync(exists) ? `${readFileSync(exists, 'utf8')}---\n` : '';
    return `${before}${previousOf(path)}${readFileSync(`${path}.yaml`, 'utf8')}`.trimEnd();
  };
  return { bad: read('bad'), good: read('good') };
}

/** What a case changes, where it does. */
function previousOf(path: string): string {
  const request = `${path}.request.yaml`;
  if (!existsSync(request)) return '';
  const { oldObject } = load(readFileSync(request, 'utf8')) as { oldObject?: object };
  return oldObject ? `# As it was.\n${dump(oldObject)}---\n# As it is to be.\n` : '';
}

function withRulesTable(readme: string): string {
  const [begin, end] = ['<!-- rules: written by npm run generate -->', '<!-- end of rules -->'];
  const [before, rest] = [readme.slice(0, readme.indexOf(begin)), readme.slice(readme.indexOf(end))];
  if (!readme.includes(begin) || !readme.includes(end)) throw new Error(`README.md lacks ${begin} or ${end}`);
  return `${before}${begin}\n${rulesTable('src/rules/README.md#')}\n${rest}`;
}

function rulesTable(base: string): string {
  const rows = rules.map(rule => {
    const { who, when } = rule.lessons[0]?.incident ?? {};
    return `| [${rule.id}](${base}${rule.id}) | ${rule.severity} | ${rule.title} | ${who} ${when} | ${checkedIn(rule).join(', ')} |`;
  });
  return [
    '| rule | severity | what it finds | who lived it | checked in |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function kindsOf({ kinds }: Rule): string {
  return kinds.length > 12 ? 'every built-in kind' : kinds.map(({ name }) => name).join(', ');
}

function yaml(text: string): string {
  return `\`\`\`yaml\n${text}\n\`\`\``;
}
