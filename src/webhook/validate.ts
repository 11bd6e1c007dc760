import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from './account.ts';
import { answerBody, type Bench, JudgingFailed } from './answer-body.ts';
import { type BodyLimits, readBody } from './body.ts';
import { Lane } from './lane.ts';
import type { Logger } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Route } from './outcome.ts';
import { Refusal } from './refusal.ts';
import { refuse, respond } from './respond.ts';
import { traceOf } from './trace.ts';

export interface Webhook extends Bench {
  limits: BodyLimits;
  /** For what would hold up all others. */
  lane: Lane;
  metrics: Metrics;
  logger: Logger;
  /** Is it about to stop? Then every connection ends with its next answer. */
  draining: boolean;
}

/** How long the API server waits unless it says otherwise (manifests/base/90-webhook.yaml), in milliseconds. */
const PATIENCE_MS = 3_000;
/** What is left of its patience for the answer to reach it. */
const WAY_BACK_MS = 500;

/** Answers one AdmissionReview: decode, judge, encode. What cannot be judged is left to the `failurePolicy`. */
export async function validate(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  webhook: Webhook,
): Promise<void> {
  const started = performance.now();
  try {
    const patience = patienceMs(request);
    const { limits, lane } = webhook;
    const deadlineMs = Math.min(limits.deadlineMs, patience);
    const { bytes, free } = await readBody(request, { ...limits, deadlineMs });
    const judging = Lane.takes(bytes)
      ? lane.answer(route, bytes, started + patience - performance.now())
      : answerBody(route, bytes, webhook);
    const { text, account } = await judging.finally(free);
    respond(response, text, webhook.draining);
    const ms = performance.now() - started;
    webhook.metrics.count(account, route, ms / 1000);
    log(account, ms, webhook.logger);
  } catch (error) {
    const refusal = refusalFor(error, route, webhook);
    if (!response.headersSent) refuse(request, response, refusal, webhook.draining);
  }
}

/** From the beginning of a request to the last moment at which its answer is of use (k8s apiserver, dispatcher.go). */
function patienceMs({ url = '' }: IncomingMessage): number {
  const seconds = /[?&]timeout=(\d{1,3})s/.exec(url)?.[1];
  const waits = seconds === undefined ? PATIENCE_MS : Number(seconds) * 1000;
  return Math.max(waits - WAY_BACK_MS, waits / 2);
}

function refusalFor(error: unknown, route: Route, { metrics, logger }: Webhook): Refusal {
  if (error instanceof Refusal) {
    metrics.countRefused(route, error.status === 503 ? 'overloaded' : 'unreadable');
    logger.warn({ status: error.status, because: error.message }, 'request refused');
    return error;
  }
  metrics.countRefused(route, 'failed');
  const failed = error instanceof JudgingFailed ? { uid: error.uid, ...error.trace } : traceOf(error);
  logger.error(failed, 'request failed');
  return new Refusal(500, 'premortem failed to judge this');
}

/** Never more of the object than how it is called. */
function log(account: Account, ms: number, logger: Logger): void {
  const { uid } = account;
  if (account.result === 'passed') {
    logger.debug({ uid, because: account.because }, 'passed');
    return;
  }
  const { operation, object, mode, findings, undecided, allowed } = account;
  const level = findings.length > 0 || undecided.length > 0 ? 'info' : 'debug';
  if (!logger.isLevelEnabled(level)) return;
  const { kind, namespace, name } = object;
  logger[level](
    {
      uid,
      operation,
      kind,
      namespace,
      name,
      mode,
      rules: idsOf(findings),
      ...(undecided.length > 0 && { undecided: idsOf(undecided) }),
      allowed,
      ms: Math.round(ms * 100) / 100,
    },
    allowed ? 'allowed' : 'denied',
  );
}

function idsOf(told: readonly { rule: string }[]): string[] {
  return [...new Set(told.map(({ rule }) => rule))];
}
