import { readFileSync } from 'node:fs';
import { dayOf } from '../src/cli/io.ts';
import { readObjects } from '../src/intake/files.ts';
import { kindOf } from '../src/kubernetes/kinds.ts';
import type { KubeObject } from '../src/kubernetes/object.ts';
import { rules } from '../src/rules/index.ts';
import { bundle } from '../src/world/bundle.ts';
import { type Response, startWebhook } from './webhook.ts';

interface Scene {
  command: 'apply' | 'delete';
  file: string;
}

/** What is applied, in this order: the incidents' manifests, then the first of them mended. */
const SCENES: Scene[] = [
  scene('apply', 'field-misplaced/bad/zalando-innocent-cronjob'),
  scene('apply', 'probe-exec-without-init/bad/datadog-exec-probe-zombies'),
  scene('apply', 'memory-request-missing/bad/datadog-system-oom'),
  scene('delete', 'namespace-delete-unconfirmed/bad/datadog-namespace-deleted'),
  scene('apply', 'cronjob-deadline-missing/bad/zalando-innocent-cronjob'),
  scene('apply', 'field-misplaced/good/zalando-innocent-cronjob'),
  scene('delete', 'namespace-delete-unconfirmed/good/datadog-namespace-deleted'),
];

const webhook = await startWebhook(() => ({ rules, world: bundle([], undefined), today: dayOf(new Date()) }));
console.log(
  `premortem serves ${webhook.url}, with a certificate made for this run. What an API server would send it:\n`,
);
for (const { command, file } of SCENES) {
  const [found] = readObjects({ file, text: readFileSync(file, 'utf8') }).objects;
  if (!found) throw new Error(`${file} holds no object`);
  const { object } = found;
  console.log(`$ kubectl ${command}${command === 'apply' ? ' --validate=warn' : ''} -f ${file}`);
  const response = await webhook.ask({ operation: command === 'apply' ? 'CREATE' : 'DELETE', object });
  console.log(`${asKubectl(response, object, { command, file })}\n`);
}
await webhook.stop();

function scene(command: Scene['command'], path: string): Scene {
  return { command, file: `test/rules/${path}.yaml` };
}

/** The words around an answer that kubectl and the API server add. */
function asKubectl(response: Response, object: KubeObject, { command, file }: Scene): string {
  const warnings = (response.warnings ?? []).map(line => `Warning: ${line}`);
  const kind = kindOf(object);
  const name = object.metadata?.name;
  const resource = `${kind?.name.toLowerCase()}${kind?.group ? `.${kind.group}` : ''}`;
  const applies = command === 'apply';
  const done = applies ? `${resource}/${name} created` : `${resource} "${name}" deleted`;
  const verb = applies ? 'creating' : 'deleting';
  const webhook = `${applies ? 'enforce' : 'namespaces'}.premortem.dev`;
  const refusal = `Error from server (Forbidden): error when ${verb} "${file}": admission webhook "${webhook}" denied the request: ${response.status?.message}`;
  return [...warnings, response.allowed ? done : refusal].join('\n');
}
