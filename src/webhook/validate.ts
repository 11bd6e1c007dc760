import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../engine/review.ts';
import { type IntakeSettings, readAdmissionReview } from '../intake/admission-review.ts';
import type { LiveObjects } from '../world/live-objects.ts';
import { answerTo } from './answer.ts';
import { type BodyLimits, readJson } from './body.ts';
import { type Logger, traceOf } from './log.ts';
import type { Metrics } from './metrics.ts';
import { type Judged, outcomeOf, type Passed, type Route } from './outcome.ts';
import { Refusal } from './refusal.ts';
import { releaseOutcome } from './release-outcome.ts';
import { refuse, respond } from './respond.ts';

export interface Webhook {
  /** Asked for every request, since the day changes and the world too. */
  settings: () => Settings;
  /** Undefined where there is no cluster. */
  live: LiveObjects | undefined;
  intake: IntakeSettings;
  limits: BodyLimits;
  metrics: Metrics;
  logger: Logger;
  /** Is it about to stop? Then every connection ends with its next answer. */
  draining: boolean;
}

/** Answers one AdmissionReview: decode, judge, encode. What cannot be judged is left to the `failurePolicy`. */
export async function validate(
  route: Route,
  request: IncomingMessage,
  response: ServerResponse,
  webhook: Webhook,
): Promise<void> {
  const started = performance.now();
  let uid: string | undefined;
  try {
    const intake = readAdmissionReview(await readJson(request, webhook.limits), webhook.intake);
    if (!intake.ok) throw new Refusal(400, intake.error);
    uid = intake.uid;
    const outcome =
      'release' in intake
        ? await releaseOutcome(route, intake, webhook)
        : outcomeOf(route, intake, webhook.settings());
    respond(response, answerTo(outcome), webhook.draining);
    const ms = performance.now() - started;
    webhook.metrics.count(outcome, route, ms / 1000);
    log(outcome, ms, webhook.logger);
  } catch (error) {
    const refusal = refusalFor(error, uid, route, webhook);
    if (!response.headersSent) refuse(request, response, refusal, webhook.draining);
  }
}

function refusalFor(
  error: unknown,
  uid: string | undefined,
  route: Route,
  { metrics, logger }: Webhook,
): Refusal {
  if (error instanceof Refusal) {
    metrics.countRefused(route, error.status === 503 ? 'overloaded' : 'unreadable');
    logger.warn({ status: error.status, because: error.message }, 'request refused');
    return error;
  }
  metrics.countRefused(route, 'failed');
  logger.error({ uid, ...traceOf(error) }, 'request failed');
  return new Refusal(500, 'premortem failed to judge this');
}

/** Never more of the object than how it is called. */
function log(outcome: Judged | Passed, ms: number, logger: Logger): void {
  const { uid } = outcome;
  if (outcome.result === 'passed') {
    logger.debug({ uid, because: outcome.because }, 'passed');
    return;
  }
  const { mode, subject, review, verdict } = outcome;
  const noteworthy = review.findings.length > 0 || review.undecided.length > 0;
  const level = noteworthy ? 'info' : 'debug';
  if (!logger.isLevelEnabled(level)) return;
  const { kind, namespace, name } = review.object;
  const rules = [...new Set(review.findings.map(({ rule }) => rule.id))];
  const undecided = review.undecided.map(({ rule }) => rule.id);
  logger[level](
    {
      uid,
      operation: subject.operation,
      kind,
      namespace,
      name,
      mode,
      rules,
      ...(undecided.length > 0 && { undecided }),
      allowed: verdict.allowed,
      ms: Math.round(ms * 100) / 100,
    },
    verdict.allowed ? 'allowed' : 'denied',
  );
}
