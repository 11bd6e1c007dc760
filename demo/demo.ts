import { readFileSync } from 'node:fs';
import { dayOf } from '../src/cli/io.ts';
import { type FileObject, readObjects } from '../src/intake/files.ts';
import { kindOf } from '../src/kubernetes/kinds.ts';
import type { KubeObject } from '../src/kubernetes/object.ts';
import { defaultConfiguration } from '../src/model/configuration.ts';
import { rules } from '../src/rules/index.ts';
import { bundle } from '../src/world/bundle.ts';
import { storedRelease } from './stored-release.ts';
import { type Response, startWebhook } from './webhook.ts';

interface Scene {
  command: 'apply' | 'delete' | 'upgrade';
  file: string;
}

/** What is applied, in this order: the incidents' manifests, then the first of them mended. */
const SCENES: Scene[] = [
  scene('upgrade', 'release-drops-namespace/bad/datadog-namespace-deleted'),
  scene('apply', 'field-misplaced/bad/zalando-innocent-cronjob'),
  scene('apply', 'probe-exec-without-init/bad/datadog-exec-probe-zombies'),
  scene('apply', 'memory-request-missing/bad/datadog-system-oom'),
  scene('delete', 'namespace-delete-unconfirmed/bad/datadog-namespace-deleted'),
  scene('apply', 'cronjob-deadline-missing/bad/zalando-innocent-cronjob'),
  scene('apply', 'field-misplaced/good/zalando-innocent-cronjob'),
  scene('delete', 'namespace-delete-unconfirmed/good/datadog-namespace-deleted'),
];

let world = bundle([], undefined);
const webhook = await startWebhook(() => ({
  rules,
  world,
  today: dayOf(new Date()),
  configuration: defaultConfiguration,
}));
console.log(
  `premortem serves ${webhook.url}, with a certificate made for this run. What an API server would send it:\n`,
);
for (const { command, file } of SCENES) {
  console.log(`$ ${typed(command, file)}`);
  if (command === 'upgrade') console.log(await upgraded(file));
  else console.log(await changed(command, file));
  console.log();
}
await webhook.stop();

function typed(command: Scene['command'], file: string): string {
  if (command === 'upgrade') return `helm upgrade shop ./chart    # which renders to ${file}`;
  return `kubectl ${command}${command === 'apply' ? ' --validate=warn' : ''} -f ${file}`;
}

/** What Helm stores before it upgrades a release to what stands in a file, where another file tells what there is. */
async function upgraded(file: string): Promise<string> {
  world = bundle([], read(file.replace('.yaml', '.cluster.yaml')));
  const release = { name: 'shop', namespace: 'default', revision: 2, manifest: readFileSync(file, 'utf8') };
  const response = await webhook.ask({ operation: 'CREATE', object: storedRelease(release) });
  return response.allowed
    ? 'Release "shop" has been upgraded. Happy Helming!'
    : `Error: UPGRADE FAILED: create: failed to create: ${denied('releases', response)}`;
}

async function changed(command: 'apply' | 'delete', file: string): Promise<string> {
  const [found] = read(file);
  if (!found) throw new Error(`${file} holds no object`);
  const { object } = found;
  const response = await webhook.ask({ operation: command === 'apply' ? 'CREATE' : 'DELETE', object });
  return asKubectl(response, object, command, file);
}

function read(file: string): FileObject[] {
  return readObjects({ file, text: readFileSync(file, 'utf8') }).objects;
}

function scene(command: Scene['command'], path: string): Scene {
  return { command, file: `test/rules/${path}.yaml` };
}

/** The words around an answer that kubectl and the API server add. */
function asKubectl(
  response: Response,
  object: KubeObject,
  command: 'apply' | 'delete',
  file: string,
): string {
  const warnings = (response.warnings ?? []).map(line => `Warning: ${line}`);
  const kind = kindOf(object);
  const name = object.metadata?.name;
  const resource = `${kind?.name.toLowerCase()}${kind?.group ? `.${kind.group}` : ''}`;
  const applies = command === 'apply';
  const done = applies ? `${resource}/${name} created` : `${resource} "${name}" deleted`;
  const refusal = `Error from server (Forbidden): error when ${applies ? 'creating' : 'deleting'} "${file}": ${denied(applies ? 'enforce' : 'namespaces', response)}`;
  return [...warnings, response.allowed ? done : refusal].join('\n');
}

function denied(webhook: string, { status }: Response): string {
  return `admission webhook "${webhook}.premortem.dev" denied the request: ${status?.message}`;
}
