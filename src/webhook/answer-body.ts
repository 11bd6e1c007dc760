import { isUtf8 } from 'node:buffer';
import type { Settings } from '../engine/review.ts';
import { unsupervised } from '../engine/supervisor.ts';
import { type Intake, type IntakeSettings, readAdmissionReview } from '../intake/admission-review.ts';
import { storesRelease } from '../intake/helm-release.ts';
import { parseReview } from '../intake/review-json.ts';
import { valueAt } from '../kubernetes/object.ts';
import type { LiveObjects } from '../world/live-objects.ts';
import { Turns } from '../world/turns.ts';
import { type Account, accountOf } from './account.ts';
import { answerTo } from './answer.ts';
import { type Judged, outcomeOf, type Passed, type Route } from './outcome.ts';
import { askElsewhere, Refusal } from './refusal.ts';
import { releaseOutcome } from './release-outcome.ts';
import { type Trace, traceOf } from './trace.ts';

/** What a request is judged by. */
export interface Bench {
  /** Asked for every request, since the day changes and the world too. */
  settings: () => Settings;
  intake: IntakeSettings;
  /** Undefined where there is no cluster. */
  live: LiveObjects | undefined;
  /** Does what may take long, soon; at once when left out. */
  together?: (<T>(work: () => T) => Promise<T>) | undefined;
}

export interface Answered {
  /** The AdmissionReview that answers, as JSON. */
  text: string;
  account: Account;
}

/** A fault of ours, in a request that could be read; its uid where that is known. */
export class JudgingFailed extends Error {
  readonly uid: string | undefined;
  readonly trace: Trace;

  constructor(uid: string | undefined, trace: Trace) {
    super('a request could not be judged');
    this.uid = uid;
    this.trace = trace;
  }
}

/**
 * Decodes an AdmissionReview, judges what it asks about, encodes the answer. Throws a {@link Refusal} for what cannot
 * be read, and {@link JudgingFailed}.
 */
export async function answerBody(route: Route, body: Buffer, bench: Bench): Promise<Answered> {
  const { together = soon } = bench;
  const begun = await together(() => begin(route, body, bench));
  return typeof begun === 'function' ? inTurn(begun) : begun;
}

/** Gives the answer, or for a release what it takes to find one. */
function begin(route: Route, body: Buffer, bench: Bench): Answered | (() => Promise<Answered>) {
  const review = parse(body);
  if (storesRelease(valueAt(review, ['request', 'object'])))
    return () => answerRelease(route, readable(review, bench), bench);
  return answerNow(route, readable(review, bench) as WithoutRelease, bench);
}

function answerNow(route: Route, intake: WithoutRelease, bench: Bench): Answered {
  try {
    const settings = bench.settings();
    return answered(outcomeOf(route, intake, settings), settings);
  } catch (error) {
    throw new JudgingFailed(intake.uid, traceOf(error));
  }
}

/** What stores a release may all the same be nothing to judge. */
async function answerRelease(route: Route, intake: Readable, bench: Bench): Promise<Answered> {
  if (!('release' in intake)) return answerNow(route, intake, bench);
  try {
    const settings = bench.settings();
    return answered(await releaseOutcome(route, intake, { ...bench, settings }), settings);
  } catch (error) {
    throw new JudgingFailed(intake.uid, traceOf(error));
  }
}

/** One release after the other: what is unpacked of a single one can fill most of the memory. */
async function inTurn(answer: () => Promise<Answered>): Promise<Answered> {
  const patience = AbortSignal.timeout(LONGEST_WAIT_MS);
  return releases
    .take(async () => answer(), patience)
    .catch(error => {
      if (error !== patience.reason) throw error;
      throw askElsewhere('too many releases at once');
    });
}
const releases = new Turns(1);
/** The API server waits 3 s (manifests/base/90-webhook.yaml), and should see the answer. */
const LONGEST_WAIT_MS = 1_500;

type Readable = Extract<Intake, { ok: true }>;
type WithoutRelease = Exclude<Readable, { release: unknown }>;

function readable(review: unknown, { intake: settings }: Bench): Readable {
  const intake = readAdmissionReview(review, settings);
  if (!intake.ok) throw new Refusal(400, intake.error);
  return intake;
}

async function soon<T>(work: () => T): Promise<T> {
  return work();
}

function answered(outcome: Judged | Passed, settings: Settings): Answered {
  const isWordy = outcome.result === 'judged' && outcome.review.findings.length > 0;
  const text = isWordy ? supervised(() => answerTo(outcome), settings) : answerTo(outcome);
  return { text, account: accountOf(outcome) };
}

/** What a rule has to say may be put together only now, and may take as long as the rule itself. */
function supervised(work: () => string, { supervisor = unsupervised }: Settings): string {
  let text = '';
  const run = supervisor.run(() => {
    text = work();
  });
  if (run === 'broken-off') throw new Error('to put the answer together took too long');
  return text;
}

function parse(body: Buffer): unknown {
  if (!isUtf8(body)) throw new Refusal(400, 'the body is not UTF-8');
  try {
    return parseReview(body.toString('utf8'));
  } catch {
    // The parser's message would quote the body.
    throw new Refusal(400, 'the body is not JSON');
  }
}
