import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rules } from '../src/rules/index.ts';

const [id] = process.argv.slice(2);
if (id === undefined || !/^[a-z0-9]+(-[a-z0-9]+)+$/.test(id)) {
  fail('usage: npm run new-rule -- <thing-what>, in lower case, for example volume-unbound');
}
if (existsSync(`src/rules/${id}.ts`)) fail(`src/rules/${id}.ts exists already`);

const name = nameOf(id);
/** Its cases are to be named after the incident, once there is one. */
const incident = 'your-incident';

write(
  `src/rules/${id}.ts`,
  `import { Pod } from '../kubernetes/kinds.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: '${id}',
  title: 'One line that says what is found',
  severity: 'warn',
  lessons: [], // import the lesson from ../incidents/: no rule without an incident
  why: 'What Kubernetes does with such a manifest, and how that becomes an outage: three sentences at the most.',
  unless: 'when a waiver is right',
  kinds: [Pod],
  *check({ object }) {
    if (object.metadata?.name !== '${id}') return;
    yield { path: ['metadata', 'name'], what: 'what is wrong, with the reader\\'s own values', fix: () => 'what to write instead' };
  },
});
`,
);
const manifest = (what: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${what}\n  namespace: shop\n`;
write(`test/rules/${id}/bad/${incident}.yaml`, manifest(id));
write(`test/rules/${id}/good/${incident}.yaml`, manifest('mended'));

// A rule begins as a warning, and stands in front of the notes.
const firstNote = `\n  ${nameOf(rules.find(({ severity }) => severity === 'note')?.id ?? '')},\n`;
const index = readFileSync('src/rules/index.ts', 'utf8');
const imports = `import ${name} from './${id}.ts';\n`;
writeFileSync(
  'src/rules/index.ts',
  index
    .replace('\n/** Every rule', `${imports}\n/** Every rule`)
    .replace(firstNote, `\n  ${name},${firstNote}`),
);
console.log(`src/rules/index.ts lists it. Next:
1. Bring the outage: src/incidents/<incident>.ts, with its source and its facts; name both cases after it.
2. Write bad/, then the message that its reader should see, then the check.
3. npm run format && npm run generate && UPDATE=1 npm test, and read the golden message aloud.`);

function nameOf(id: string): string {
  return id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function write(path: string, content: string): void {
  mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
  writeFileSync(path, content);
  console.log(`wrote ${path}`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
