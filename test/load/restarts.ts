import { setTimeout as wait } from 'node:timers/promises';
import type { Deployment } from './deployment.ts';
import { begin, losses, totalLost, totalSent } from './load.ts';
import type { Replica } from './replica.ts';
import { writeReviews } from './reviews.ts';

/** How long a Service still leads to a pod that was told to stop. */
const STALE_MS = 1_000;

export interface Restarts {
  restarts: number;
  /** Requests per second. */
  rate: number;
  /** SIGKILL for a replica that dies instead. */
  signal: 'SIGTERM' | 'SIGKILL';
}

export interface Restarted {
  sent: number;
  lost: number;
  losses: Record<string, number>;
  retries: number;
  /** How each replica ended that was let go to its end. */
  ends: (number | string)[];
}

/**
 * Restarts two replicas in turn while an API server asks, as a Deployment with maxSurge 1 and maxUnavailable 0 does:
 * first a new one is ready, then the old one is told to stop, and the Service goes on leading to it for a second.
 */
export async function restartUnderLoad(
  deployment: Deployment,
  { restarts, rate, signal }: Restarts,
): Promise<Restarted> {
  let serving = await Promise.all([deployment.start(), deployment.start()]);
  const urls = (replicas: readonly Replica[]) => replicas.map(({ url }) => url);
  const load = begin({
    endpoints: urls(serving),
    ca: deployment.ca,
    // Without a limit a machine that is short of time spends it on handshakes alone.
    mostConnections: 25,
    mixed: [{ sort: 'small', file: writeReviews(deployment.folder, 'restarts', { bytes: 4_096 }), share: 1 }],
    phases: [{ name: 'restarts', seconds: Number.MAX_SAFE_INTEGER, rate }],
  });
  const ends: (number | string)[] = [];
  for (let restart = 0; restart < restarts; restart++) {
    const [leaving, staying] = serving as [Replica, Replica];
    const coming = await deployment.start();
    load.lead(urls([leaving, staying, coming]));
    leaving.kill(signal);
    leaving.ended.then(how => ends.push(how));
    await wait(STALE_MS);
    serving = [staying, coming];
    load.lead(urls(serving));
  }
  load.stop();
  const reports = await load.reports;
  const retries = reports.reduce((sum, report) => sum + report.retries, 0);
  return { sent: totalSent(reports), lost: totalLost(reports), losses: losses(reports), retries, ends };
}
