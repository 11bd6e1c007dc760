import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { admissionReview } from '../demo/admission-request.ts';
import { readObjects } from '../src/intake/files.ts';
import { selfSignedCertificate } from '../src/webhook/certificates.ts';
import { median, printTable } from './table.ts';

const CONNECTIONS = 25;
const ROUNDS = 5;
const PORT = 18443;
/** Until V8 has compiled what is hot, as it has in a server that runs for weeks. */
const WARM_UP_SECONDS = 10;
/** As manifests/base/30-deployment.yaml sets them. */
const SAME_FLAGS = ['--max-old-space-size=153', '--max-semi-space-size=4'];
/** As in a pod, where the runtime's default seccomp profile refuses it (containerd contrib/seccomp/seccomp_default.go). */
const SAME_ENV = { ...process.env, UV_USE_IO_URING: '0' };
/** One core for the server, the other for the client. */
const pinned = spawnSync('taskset', ['-c', '0', 'true']).status === 0;

interface Load {
  rate: number;
  p50: number;
  p99: number;
  /** Microseconds of the server's CPU for one request. */
  cpu: number;
  /** MiB at the peak. */
  memory: number;
  errors: number;
}

/** (a) The webhook with all rules, as a ratio of a bare node:https server that parses the same review. */
export async function benchWebhook(seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'premortem-bench-'));
  const { cert, key } = await selfSignedCertificate();
  const [certFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const good = reviewFile(folder, 'good/datadog-exec-probe-zombies');
  const bad = reviewFile(folder, 'bad/datadog-exec-probe-zombies');
  const bareServer = [...SAME_FLAGS, 'bench/bare-server.js', certFile, keyFile];
  const webhook = [...SAME_FLAGS, 'bench/webhook-server.js', certFile, keyFile];
  // In turn and more than once, since other work on the machine slows now one and now another: what counts is how each
  // compares with the one before it.
  const [bares, allowings, refusings]: [Load[], Load[], Load[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round++) {
    bares.push(await load(bareServer, good.file, seconds));
    allowings.push(await load(webhook, good.file, seconds));
    refusings.push(await load(webhook, bad.file, seconds));
  }
  const [bare, allowing, refusing] = [medianOf(bares), medianOf(allowings), medianOf(refusings)];
  rmSync(folder, { recursive: true });

  const ratio = (what: 'rate' | 'p99' | 'cpu') =>
    median(allowings.map((allowing, round) => allowing[what] / (bares[round]?.[what] ?? Number.NaN)));
  const row = (name: string, { rate, p50, p99, cpu, memory, errors }: Load) => [
    name,
    rate,
    p50,
    p99,
    cpu,
    memory,
    String(errors),
  ];
  printTable(
    `webhook, ${CONNECTIONS} connections, ${good.bytes} bytes a review, median of ${ROUNDS} × ${seconds} s${pinned ? ', server and client on a core each' : ''}`,
    [
      ['', 'requests/s', 'p50 ms', 'p99 ms', 'CPU µs', 'peak MiB', 'errors'],
      row('bare node:https', bare),
      row('premortem, allowing', allowing),
      row('premortem, refusing', refusing),
      ['ratio, allowing', ratio('rate'), '', ratio('p99'), ratio('cpu'), '', ''],
    ],
  );
}

function medianOf(loads: readonly Load[]): Load {
  const of = (what: keyof Load) => median(loads.map(load => load[what]));
  const [rate, p50, p99, cpu, memory] = [of('rate'), of('p50'), of('p99'), of('cpu'), of('memory')];
  return { rate, p50, p99, cpu, memory, errors: loads.reduce((sum, { errors }) => sum + errors, 0) };
}

/** The review of one of the cases, with managed fields and status as a live object carries them. */
function reviewFile(folder: string, path: string): { file: string; bytes: number } {
  const text = readFileSync(`test/rules/probe-exec-without-init/${path}.yaml`, 'utf8');
  const [found] = readObjects({ file: path, text }).objects;
  if (!found) throw new Error(`${path} holds no object`);
  const review = admissionReview({ operation: 'CREATE', object: found.object });
  const { metadata } = review.request.object as { metadata: Record<string, unknown> };
  const fields = {
    'f:spec': Object.fromEntries(Array.from({ length: 180 }, (_, n) => [`f:field-${n}`, {}])),
  };
  metadata.managedFields = [{ manager: 'kubectl-client-side-apply', operation: 'Update', fieldsV1: fields }];
  const body = JSON.stringify(review);
  const file = join(folder, `${path.replace('/', '-')}.json`);
  writeFileSync(file, body);
  return { file, bytes: body.length };
}

async function load(args: string[], body: string, seconds: number): Promise<Load> {
  const server = start('0', [...args, String(PORT)]);
  try {
    await once(server.stdout ?? server, 'data');
    server.stdout?.resume();
    const url = `https://127.0.0.1:${PORT}/validate/enforce`;
    await attack(url, body, WARM_UP_SECONDS);
    const before = cpuOf(server);
    const result = await attack(url, body, seconds);
    const cpu = ((cpuOf(server) - before) / result.requests.total) * 1e6;
    const memory =
      Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024;
    const { average: rate } = result.requests;
    return {
      rate,
      p50: result.latency.p50,
      p99: result.latency.p99,
      cpu,
      memory,
      errors: result.errors + result.non2xx,
    };
  } finally {
    server.kill('SIGKILL');
  }
}

interface Attack {
  requests: { average: number; total: number };
  latency: { p50: number; p99: number };
  errors: number;
  non2xx: number;
}

async function attack(url: string, body: string, seconds: number): Promise<Attack> {
  const client = start('1', ['bench/attack.js', url, body, String(CONNECTIONS), String(seconds)]);
  let output = '';
  client.stdout?.on('data', chunk => {
    output += chunk;
  });
  await once(client, 'close');
  return JSON.parse(output) as Attack;
}

function start(core: string, args: string[]): ChildProcess {
  const command = [...(pinned ? ['taskset', '-c', core] : []), process.execPath, ...args];
  return spawn(command[0] ?? '', command.slice(1), {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: SAME_ENV,
  });
}

/** Seconds of CPU that a process has used: clock ticks of 10 ms (proc(5), utime and stime). */
function cpuOf({ pid }: ChildProcess): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
