import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { ApiServer } from './api-server.ts';
import type { Latencies, Load, Phase, PhaseReport } from './load.ts';

interface Review {
  sort: string;
  body: Buffer;
  uid: string;
}

/** As the parent process describes it; see load.ts. */
const [load] = (await once(process, 'message')) as [Load];
const reviews = load.mixed.map(({ sort, file, share }) => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return { share, next: inTurn(lines.map(line => reviewOf(sort, line))) };
});
const apiServers = new Set<ApiServer>();
let { endpoints } = load;
let stopped = false;
process.on('disconnect', () => process.exit());
process.on('message', (message: { endpoints?: readonly string[] }) => {
  if (!message.endpoints) stopped = true;
  endpoints = message.endpoints ?? endpoints;
  for (const one of apiServers) one.endpoints = endpoints;
});

const shared = newApiServer(load.mostConnections);
const reports: PhaseReport[] = [];
for (const phase of load.phases) reports.push(await runPhase(phase));
process.send?.(reports, () => process.exit());

function reviewOf(sort: string, line: string): Review {
  return { sort, body: Buffer.from(line), uid: /"uid":"[^"]+"/.exec(line)?.[0] ?? '' };
}

function inTurn<T>(all: readonly T[]): () => T {
  let turn = 0;
  return () => all[turn++ % all.length] as T;
}

function newApiServer(mostConnections?: number, idleMs?: number): ApiServer {
  const made = new ApiServer({ endpoints, ca: load.ca, mostConnections, idleMs });
  apiServers.add(made);
  return made;
}

function anyReview(): Review {
  let left = Math.random();
  for (const { share, next } of reviews) {
    left -= share;
    if (left < 0) return next();
  }
  return (reviews[0] as (typeof reviews)[number]).next();
}

async function runPhase(phase: Phase): Promise<PhaseReport> {
  const taken = new Map<string, number[]>(load.mixed.map(({ sort }) => [sort, []]));
  const lost: Record<string, number> = {};
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const before = { retries: shared.retries, connections: shared.connections };
  let sent = 0;
  delay.enable();

  const ask = async (apiServer = shared) => {
    const { sort, body, uid } = anyReview();
    const begun = performance.now();
    sent++;
    try {
      const { status, text } = await apiServer.ask(body);
      if (status === 200 && text.includes(uid)) taken.get(sort)?.push(performance.now() - begun);
      else count(lost, status === 200 ? 'answer to another' : `HTTP ${status}`);
    } catch (error) {
      count(lost, error instanceof Error && 'code' in error ? String(error.code) : String(error));
    }
  };
  const begun = performance.now();
  const end = begun + phase.seconds * 1000;
  const over = () => stopped || performance.now() >= end;
  if ('rate' in phase) {
    const asked: Promise<void>[] = [];
    for (let due = 0; !over(); due = ((performance.now() - begun) * phase.rate) / 1000) {
      while (sent < due) asked.push(ask());
      await wait(1);
    }
    await Promise.all(asked);
  } else if ('clients' in phase) {
    const askOn = async () => {
      while (!over()) await ask();
    };
    await Promise.all(Array.from({ length: phase.clients }, askOn));
  } else {
    const [from, to] = phase.restMs;
    const askAndRest = async () => {
      const own = newApiServer(1, 200_000);
      while (!over()) {
        await ask(own);
        await wait(from + Math.random() * (to - from));
      }
      await ask(own);
      own.close();
    };
    await Promise.all(Array.from({ length: phase.resting }, askAndRest));
  }
  const seconds = (performance.now() - begun) / 1000;
  const latencies = Object.fromEntries([...taken].map(([sort, all]) => [sort, summary(all)]));
  return {
    name: phase.name,
    sent,
    rate: Object.values(latencies).reduce((sum, { count }) => sum + count, 0) / seconds,
    latencies,
    lost,
    retries: shared.retries - before.retries,
    connections: shared.connections - before.connections,
    lag: delay.percentile(99) / 1e6,
  };
}

function count(counts: Record<string, number>, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}

function summary(all: number[]): Latencies {
  all.sort((a, b) => a - b);
  const at = (share: number) => all[Math.min(all.length - 1, Math.floor(all.length * share))] ?? Number.NaN;
  return { count: all.length, p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}
