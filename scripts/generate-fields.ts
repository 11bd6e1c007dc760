/**
 * Writes src/kubernetes/fields.generated.json: which fields each built-in kind of Kubernetes declares.
 *
 * The source is the generated part of @kubernetes/client-node, whose model classes carry their fields as data
 * (`attributeTypeMap`) and whose API classes say which class is posted to which group and version. Of the types,
 * those stay that a kind reaches. `--check` compares instead of writing, and exits 1 if the file is not current.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const gen = new URL('./', import.meta.resolve('@kubernetes/client-node/dist/gen/index.js'));
const target = new URL('../src/kubernetes/fields.generated.json', import.meta.url);

type Attributes = { baseName: string; type: string }[];
type ModelClass = { attributeTypeMap?: Attributes };

/** Kinds that are written to a subresource only, whose URL does not name the group they belong to. */
const writtenToSubresources = {
  'authentication.k8s.io/v1 TokenRequest': 'AuthenticationV1TokenRequest',
  'autoscaling/v1 Scale': 'V1Scale',
  'policy/v1 Eviction': 'V1Eviction',
};

/**
 * "batch/v1 CronJob" → "V1CronJob", from the POST methods of the API classes. Which of these are of today the index
 * says: the package also ships files that an earlier generation left behind.
 */
function kindsPosted(): Map<string, string> {
  const kinds = new Map(Object.entries(writtenToSubresources));
  const method =
    /async create\w+\(.*?localVarPath = '\/apis?\/([^']+)'.*?ObjectSerializer\.serialize\(body, "(\w+)"/gs;
  for (const [, api] of readFileSync(new URL('index.js', gen), 'utf8').matchAll(/ as (\w+V\d\w*Api)\b/g)) {
    for (const [, path = '', type = ''] of readFileSync(new URL(`apis/${api}.js`, gen), 'utf8').matchAll(
      method,
    )) {
      if (path.includes('{name}')) continue;
      const apiVersion = path.split('/', path.startsWith('v') ? 1 : 2).join('/');
      const kind = type.replace(/^[A-Za-z]*?V\d+(?:(?:alpha|beta)\d+)?/, '');
      kinds.set(`${apiVersion} ${kind}`, type);
    }
  }
  return kinds;
}

/** TypeScript's notation → ours: `Array<V1Pod>` → `V1Pod[]`, `{ [key: string]: string; }` → `string{}`. */
function notation(type: string): string {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined) return `${notation(list)}[]`;
  const map = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (map !== undefined) return `${notation(map)}{}`;
  return type === 'Date' || type === 'V1MicroTime' ? 'string' : type;
}

const scalars = new Set(['string', 'number', 'boolean', 'any', 'IntOrString']);

function typesReached(roots: Iterable<string>, models: Record<string, ModelClass>) {
  const types = new Map<string, Record<string, string>>();
  const pending = [...roots];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (scalars.has(name) || types.has(name)) continue;
    const attributes = models[name]?.attributeTypeMap;
    if (attributes === undefined)
      throw new Error(`@kubernetes/client-node has no fields for the type ${name}`);
    const fields = attributes.map(({ baseName, type }) => [baseName, notation(type)] as const);
    types.set(name, Object.fromEntries(fields.toSorted(byName)));
    pending.push(...fields.map(([, type]) => type.replace(/[[\]{}]+$/, '')));
  }
  return types;
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One line for each kind and for each type, so that a new Kubernetes reads well as a diff. */
function render(kinds: Map<string, string>, types: Map<string, Record<string, string>>): string {
  const block = (entries: Map<string, unknown>) =>
    [...entries]
      .toSorted(byName)
      .map(([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n  "kinds": {\n${block(kinds).join(',\n')}\n  },\n  "types": {\n${block(types).join(',\n')}\n  }\n}\n`;
}

const models: Record<string, ModelClass> = await import('@kubernetes/client-node/dist/gen/models/all.js');
const kinds = kindsPosted();
const content = render(kinds, typesReached(kinds.values(), models));

if (!process.argv.includes('--check')) {
  writeFileSync(target, content);
} else if (content !== readFileSync(target, 'utf8')) {
  console.error(
    `${fileURLToPath(target)} is not what @kubernetes/client-node says: run npm run generate and commit it`,
  );
  process.exitCode = 1;
}
