import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { admissionReview } from '../../demo/admission-request.ts';
import { storedRelease } from '../../demo/stored-release.ts';
import { readObjects } from '../../src/intake/files.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { known } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import { answerBody, type Bench } from '../../src/webhook/answer-body.ts';
import { bundle } from '../../src/world/bundle.ts';

const MANIFEST = `\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template: {spec: {containers: [{name: web, image: web:1}]}}
`;
const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {premortem.dev/mode: enforce}}';

function body(revision: number): Buffer {
  const object = storedRelease({ name: 'web', namespace: 'shop', revision, manifest: MANIFEST });
  return Buffer.from(JSON.stringify(admissionReview({ operation: 'CREATE', object })));
}

describe('releases that come at once', () => {
  let looking = 0;
  let most = 0;
  const bench = (lookUpMs: number): Bench => ({
    settings: () => ({
      rules,
      world: bundle(readObjects({ file: 'cluster', text: NAMESPACE }).objects, undefined),
      today: '2026-11-21',
      configuration: defaultConfiguration,
    }),
    intake: { ownNamespace: 'premortem' },
    live: {
      async get() {
        most = Math.max(most, ++looking);
        await wait(lookUpMs);
        looking--;
        return known(undefined);
      },
    },
  });

  it('are judged one after the other, since one alone can fill most of the memory', async () => {
    const answers = await Promise.all(
      [1, 2, 3].map(revision => answerBody('by-label', body(revision), bench(5))),
    );
    assert.deepEqual(
      answers.map(({ account }) => account.result === 'judged' && account.allowed),
      [false, false, false],
    );
    assert.equal(most, 1);
  });

  it('are not kept waiting until nobody listens any more', async () => {
    const first = answerBody('by-label', body(1), bench(2_000));
    await assert.rejects(answerBody('by-label', body(2), bench(0)), { status: 503 });
    await first;
  }).timeout(5_000);
});
