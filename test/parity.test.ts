import assert from 'node:assert/strict';
import type { Change } from '../demo/admission-request.ts';
import { storedRelease } from '../demo/stored-release.ts';
import { type Response, startWebhook, type Webhook } from '../demo/webhook.ts';
import { decide } from '../src/engine/decide.ts';
import { readObjects } from '../src/intake/files.ts';
import { defaultConfiguration } from '../src/model/configuration.ts';
import type { Review } from '../src/model/report.ts';
import { asksAmongFiles } from '../src/model/rule.ts';
import { warningLines } from '../src/report/warnings.ts';
import { rules } from '../src/rules/index.ts';
import { auditAnnotations } from '../src/webhook/audit-annotations.ts';
import { bundle } from '../src/world/bundle.ts';
import { allCases, type Case, isRollout, RELEASE, reviewCase, TODAY } from './cases.ts';

describe('parity', () => {
  let webhook: Webhook;
  let world = bundle([], undefined);

  before(async () => {
    webhook = await startWebhook(() => ({ rules, world, today: TODAY, configuration: defaultConfiguration }));
  });
  after(() => webhook.stop());

  for (const one of allCases()) {
    it(`${one.rule} ${one.side}/${one.name}: the webhook says what the command says`, async () => {
      world = isRollout(one) ? bundle([], one.cluster) : bundle(one.cluster, undefined);
      const reviews = reviewCase(one);
      const answers = await Promise.all(changesOf(one).map(change => webhook.ask(change)));
      assert.deepEqual(
        answers.map(answer => saidBy(answer)),
        // kube-system is never looked at in a cluster; in files its manifests are judged like any other.
        reviews.map(one =>
          one.object.namespace === 'kube-system' ? saidBy({ allowed: true }) : saidOf(alone(one)),
        ),
      );
    });
  }
});

/** All that an answer tells, in one form. */
function saidBy({ allowed, status, warnings = [], auditAnnotations = {} }: Response) {
  const causes = (status?.details?.causes ?? []).map(({ reason, field }) => `${reason} at ${field}`);
  return { allowed, causes, warnings, auditAnnotations };
}

/** Nobody knows what is sent together with a request. */
function alone(review: Review): Review {
  const findings = review.findings.filter(({ rule }) => !asksAmongFiles(rule.needs));
  return { ...review, findings };
}

/** The same of a review that the command made. */
function saidOf(review: Review) {
  const verdict = decide(review, 'enforce');
  return {
    allowed: verdict.allowed,
    causes: verdict.refusals.map(({ rule, at }) => `${rule.id} at ${at}`),
    warnings: warningLines(review, verdict),
    auditAnnotations: { ...auditAnnotations(review) },
  };
}

function changesOf({ file, text, operation, oldObject, asker }: Case): Change[] {
  if (operation === 'INSTALL' || operation === 'UPGRADE') {
    const revision = operation === 'INSTALL' ? 1 : 2;
    return [{ operation: 'CREATE', object: storedRelease({ ...RELEASE, revision, manifest: text }) }];
  }
  return readObjects({ file, text }).objects.map(({ object }) => ({ operation, object, oldObject, asker }));
}
