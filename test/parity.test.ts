import assert from 'node:assert/strict';
import { request } from 'node:https';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { admissionReview } from '../demo/admission-request.ts';
import { decide } from '../src/engine/decide.ts';
import { readObjects } from '../src/intake/files.ts';
import type { Review } from '../src/model/report.ts';
import { warningLines } from '../src/report/warnings.ts';
import { rules } from '../src/rules/index.ts';
import { auditAnnotations } from '../src/webhook/audit-annotations.ts';
import { selfSignedCertificate } from '../src/webhook/certificates.ts';
import { createLogger } from '../src/webhook/log.ts';
import { type RunningServer, startServer } from '../src/webhook/server.ts';
import { bundle } from '../src/world/bundle.ts';
import { allCases, type Case, reviewCase, TODAY } from './cases.ts';

/** What only one of the two can know, and why. */
const EXPLAINED: Record<string, string> = {
  'release-drops-namespace':
    'a revision of files is a release only to the command, until Helm releases are read',
};

describe('parity', () => {
  let server: RunningServer;
  let certificate: { cert: string; key: string };
  let world = bundle([], undefined);

  before(async () => {
    certificate = await selfSignedCertificate();
    server = await startServer({
      host: '127.0.0.1',
      port: 0,
      opsPort: 0,
      tls: certificate,
      settings: () => ({ rules, world, today: TODAY }),
      logger: createLogger(new Writable({ write: (_chunk, _encoding, done) => done() })),
      drain: { graceMs: 0, limitMs: 0 },
    });
  });
  after(() => server.stop());

  for (const one of allCases().filter(({ rule }) => !(rule in EXPLAINED))) {
    it(`${one.rule} ${one.side}/${one.name}: the webhook says what the command says`, async () => {
      world = bundle(one.cluster, undefined);
      const reviews = reviewCase(one);
      const answers = await Promise.all(objectsOf(one).map(object => ask({ ...one, object })));
      assert.deepEqual(
        answers.map(answer => saidBy(answer)),
        // kube-system is never looked at in a cluster; in files its manifests are judged like any other.
        reviews.map(one =>
          one.object.namespace === 'kube-system' ? saidBy({ allowed: true }) : saidOf(one),
        ),
      );
    });
  }

  async function ask({
    object,
    operation,
    oldObject,
  }: Case & { object: ReturnType<typeof objectsOf>[number] }) {
    assert.notEqual(operation, 'RELEASE');
    const review = admissionReview({ operation: operation as 'CREATE', object, oldObject });
    const route = operation === 'DELETE' ? 'by-label' : 'enforce';
    return new Promise<Response>((resolve, reject) => {
      const options = {
        method: 'POST',
        ca: certificate.cert,
        agent: false as const,
        headers: { 'content-type': 'application/json' },
      };
      const sent = request(`${server.url}/validate/${route}`, options, async response => {
        resolve((JSON.parse(await text(response)) as { response: Response }).response);
      });
      sent.on('error', reject).end(JSON.stringify(review));
    });
  }
});

interface Response {
  allowed: boolean;
  status?: { details?: { causes?: { reason: string; field: string }[] } };
  warnings?: string[];
  auditAnnotations?: Record<string, string>;
}

/** All that an answer tells, in one form. */
function saidBy({ allowed, status, warnings = [], auditAnnotations = {} }: Response) {
  const causes = (status?.details?.causes ?? []).map(({ reason, field }) => `${reason} at ${field}`);
  return { allowed, causes, warnings, auditAnnotations };
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

function objectsOf({ file, text }: Case) {
  return readObjects({ file, text }).objects.map(({ object }) => object);
}
