import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { readObjects } from '../src/intake/files.ts';
import { kindOf } from '../src/kubernetes/kinds.ts';
import type { KubeObject } from '../src/kubernetes/object.ts';
import { rules } from '../src/rules/index.ts';
import { selfSignedCertificate } from '../src/webhook/certificates.ts';
import { createLogger } from '../src/webhook/log.ts';
import { startServer } from '../src/webhook/server.ts';
import { bundle } from '../src/world/bundle.ts';
import { admissionReview, type Change } from './admission-request.ts';

/** What is applied, in this order: the incidents' manifests, then the first of them mended. */
const SCENES: { command: string; file: string; operation: Change['operation']; mode: string }[] = [
  scene('apply', 'field-misplaced/bad/zalando-innocent-cronjob'),
  scene('apply', 'probe-exec-without-init/bad/datadog-exec-probe-zombies'),
  scene('apply', 'memory-request-missing/bad/datadog-system-oom'),
  scene('delete', 'namespace-delete-unconfirmed/bad/datadog-namespace-deleted'),
  scene('apply', 'cronjob-deadline-missing/bad/zalando-innocent-cronjob'),
  scene('apply', 'field-misplaced/good/zalando-innocent-cronjob'),
  scene('delete', 'namespace-delete-unconfirmed/good/datadog-namespace-deleted'),
];

const tls = await selfSignedCertificate();
const server = await startServer({
  host: '127.0.0.1',
  port: 0,
  opsPort: 0,
  tls,
  settings: () => ({ rules, world: bundle([], undefined), today: new Date().toISOString().slice(0, 10) }),
  logger: createLogger(new Writable({ write: (_chunk, _encoding, done) => done() })),
  drain: { graceMs: 0, limitMs: 0 },
});
console.log(
  `premortem serves ${server.url}, with a certificate made for this run. What an API server would send it:\n`,
);
for (const { command, file, operation, mode } of SCENES) {
  const [found] = readObjects({ file, text: readFileSync(file, 'utf8') }).objects;
  if (!found) throw new Error(`${file} holds no object`);
  console.log(`$ kubectl ${command}${command === 'apply' ? ' --validate=warn' : ''} -f ${file}`);
  const answer = await send(
    `${server.url}/validate/${mode}`,
    admissionReview({ operation, object: found.object }),
  );
  console.log(`${asKubectl(answer, found.object, command, file, mode)}\n`);
}
await server.stop();

function scene(command: 'apply' | 'delete', path: string): (typeof SCENES)[number] {
  const deletes = command === 'delete';
  return {
    command,
    file: `test/rules/${path}.yaml`,
    operation: deletes ? 'DELETE' : 'CREATE',
    mode: deletes ? 'by-label' : 'enforce',
  };
}

interface Answer {
  response: { allowed: boolean; status?: { message: string }; warnings?: string[] };
}

async function send(url: string, review: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method: 'POST',
      ca: tls.cert,
      agent: false,
      headers: { 'content-type': 'application/json' },
    };
    const sent = request(url, options, async response => resolve(JSON.parse(await text(response)) as Answer));
    sent.on('error', reject).end(JSON.stringify(review));
  });
}

/** The words around an answer that kubectl and the API server add. */
function asKubectl(
  { response }: Answer,
  object: KubeObject,
  command: string,
  file: string,
  mode: string,
): string {
  const warnings = (response.warnings ?? []).map(line => `Warning: ${line}`);
  const kind = kindOf(object);
  const resource = `${kind?.name.toLowerCase()}${kind?.group ? `.${kind.group}` : ''}`;
  const done =
    command === 'apply'
      ? `${resource}/${object.metadata?.name} created`
      : `${resource} "${object.metadata?.name}" deleted`;
  const verb = command === 'apply' ? 'creating' : 'deleting';
  const webhook = `${mode === 'by-label' ? 'namespaces' : mode}.premortem.dev`;
  const refusal = `Error from server (Forbidden): error when ${verb} "${file}": admission webhook "${webhook}" denied the request: ${response.status?.message}`;
  return [...warnings, response.allowed ? done : refusal].join('\n');
}
