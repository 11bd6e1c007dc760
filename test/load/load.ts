import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Reviews of one sort. */
export interface Mixed {
  sort: string;
  /** One review a line; taken in turn. */
  file: string;
  /** Of all requests, from 0 to 1. */
  share: number;
}

/** A part of a load. Each has figures of its own. */
export type Phase = { name: string; seconds: number } & (
  | { /** Requests begun per second, however long those before take. */ rate: number }
  | { /** Each asks again as soon as it has its answer. */ clients: number }
  | {
      /** Each with a connection of its own, on which it rests between two requests. */ resting: number;
      restMs: [number, number];
    }
);

export interface Load {
  endpoints: readonly string[];
  ca: string;
  mixed: readonly Mixed[];
  phases: readonly Phase[];
  mostConnections?: number;
}

/** In milliseconds. */
export interface Latencies {
  count: number;
  p50: number;
  p99: number;
  p999: number;
  max: number;
}

export interface PhaseReport {
  name: string;
  sent: number;
  /** Answered with 200, per second. */
  rate: number;
  latencies: Record<string, Latencies>;
  /** Every other end of a request, and how often. */
  lost: Record<string, number>;
  retries: number;
  connections: number;
  /** How late the client itself was, 99th percentile, in milliseconds. */
  lag: number;
}

export interface RunningLoad {
  /** Tells the client what the name of the Service leads to from now on. */
  lead(endpoints: readonly string[]): void;
  /** Begins no request any more. */
  stop(): void;
  reports: Promise<readonly PhaseReport[]>;
}

/** Begins a load from a process of its own, so that client and test do not wait for one another. */
export function begin(load: Load): RunningLoad {
  const client = fork(new URL('./load-process.ts', import.meta.url), { execArgv: [] });
  client.send(load);
  const reports = Promise.race([
    once(client, 'message').then(([reports]) => reports as readonly PhaseReport[]),
    once(client, 'exit').then(([code]) => {
      throw new Error(`the client ended with ${code}`);
    }),
  ]);
  return {
    lead: endpoints => client.send({ endpoints }),
    stop: () => client.send({ endpoints: undefined }),
    reports,
  };
}

/** The figures of each part of a load, once all are over. */
export function run(load: Load): Promise<readonly PhaseReport[]> {
  return begin(load).reports;
}

export function totalLost(reports: readonly PhaseReport[]): number {
  return reports.flatMap(({ lost }) => Object.values(lost)).reduce((sum, count) => sum + count, 0);
}

export function totalSent(reports: readonly PhaseReport[]): number {
  return reports.reduce((sum, { sent }) => sum + sent, 0);
}

/** How requests ended that got no verdict, over all parts. */
export function losses(reports: readonly PhaseReport[]): Record<string, number> {
  return Object.assign({}, ...reports.map(({ lost }) => lost));
}
