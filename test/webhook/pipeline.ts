import assert from 'node:assert/strict';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { known } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import { type Answered, answerBody, type Bench } from '../../src/webhook/answer-body.ts';
import type { Route } from '../../src/webhook/outcome.ts';
import { Refusal } from '../../src/webhook/refusal.ts';
import { bundle } from '../../src/world/bundle.ts';
import { allCases, TODAY } from '../cases.ts';

const CLUSTER = allCases().flatMap(({ cluster }) => cluster);

/** All rules over a cluster in which there is something to be dropped, without a watchdog, which the clock moves. */
export const bench: Bench = {
  settings: () => ({
    rules,
    world: bundle([], CLUSTER),
    today: TODAY,
    configuration: defaultConfiguration,
  }),
  intake: { ownNamespace: 'premortem' },
  live: { get: async () => known(undefined) },
};

/** Of no answer is more than this taken. */
const ANSWER_BYTES = 16_384;
/** As the API server counts a warning, and what it drops one for (k8s apiserver/pkg/warning, net/http/httputil). */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const UNPRINTABLE_LINES = /[^\P{Cc}\n]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

export type Outcome = { refused: string } | Answered;

/** What becomes of a body: an answer, or a refusal to read it. Anything else is thrown on. */
export async function outcomeOfBody(route: Route, body: Buffer): Promise<Outcome> {
  try {
    return await answerBody(route, body, bench);
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 400) throw error;
    return { refused: error.message };
  }
}

/** Holds for every answer, whatever was asked: it is short, and whoever reads it comes to no harm. */
export function assertAnswer({ text, account }: Answered, uid: unknown): void {
  assert.ok(Buffer.byteLength(text) <= ANSWER_BYTES, `${Buffer.byteLength(text)} bytes`);
  const { response } = JSON.parse(text);
  assert.equal(response.uid, uid);
  assert.equal(typeof response.allowed, 'boolean');
  const { warnings = [], status, auditAnnotations = {} } = response;
  for (const line of warnings) {
    assert.doesNotMatch(line, UNPRINTABLE);
    assert.ok([...line].length <= 256, line);
  }
  assert.doesNotMatch(status?.message ?? '', UNPRINTABLE_LINES);
  for (const value of Object.values(auditAnnotations)) assert.match(String(value), /^[ -~]*$/);
  if (account.result === 'judged') assert.deepEqual(failedIn(account), []);
}

/** The rules that threw. */
function failedIn({ undecided }: Answered['account'] & { result: 'judged' }): string[] {
  return undecided.filter(({ reason }) => reason === 'failed').map(({ rule }) => rule);
}
