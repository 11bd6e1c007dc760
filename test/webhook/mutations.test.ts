import assert from 'node:assert/strict';
import fc from 'fast-check';
import { own } from '../../src/kubernetes/object.ts';
import { ROUTES } from '../../src/webhook/outcome.ts';
import { capture } from '../captures/capture.ts';
import { isLong, patience, runs } from '../runs.ts';
import { mutated, mutations } from './mutation.ts';
import { assertAnswer, outcomeOfBody } from './pipeline.ts';
import { seeds } from './seeds.ts';

/** What this thread has had of the processor: a busy machine does not count. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

describe('whatever is sent', () => {
  let slowest = { ms: 0, what: '' };
  after(() => {
    console.log(`    figure: slowest mutation = ${slowest.ms.toFixed(1)} ms (${slowest.what})`);
  });

  it('that was a real request once is judged, or refused as unreadable, and no rule stumbles over it', async () => {
    const all = seeds();
    const property = fc.asyncProperty(
      fc.constantFrom(...all),
      mutations,
      fc.constantFrom(...ROUTES),
      async (seed, done, route) => {
        const review = seed.sent(mutated(seed.value, done));
        const body = Buffer.from(JSON.stringify(review) ?? 'null');
        const started = cpuMs();
        const outcome = await outcomeOfBody(route, body);
        const ms = cpuMs() - started;
        if (ms > slowest.ms) slowest = { ms, what: `${seed.name}, ${body.length} bytes` };
        if ('account' in outcome) assertAnswer(outcome, own(own(review, 'request'), 'uid'));
      },
    );
    // In short always the same ones, so that what is rare is found by those who look for it.
    await fc.assert(property, { numRuns: runs(), ...(!isLong && { seed: 1 }) });
  }).timeout(patience());

  it('in bytes that mean nothing is refused', async () => {
    const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async bytes => {
      assert.ok('refused' in (await outcomeOfBody('enforce', Buffer.from(bytes))));
    });
    await fc.assert(property, { numRuns: runs(0.1) });
  }).timeout(patience(0.1));

  it('with some of its bytes changed is judged, or refused as unreadable', async () => {
    const body = Buffer.from(JSON.stringify(capture('cronjob-misplaced-apply-update')));
    const change = fc.tuple(fc.nat(body.length - 1), fc.nat(255));
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async changes => {
      const changed = Buffer.from(body);
      for (const [at, byte] of changes) changed[at] = byte;
      const outcome = await outcomeOfBody('enforce', changed);
      if ('account' in outcome) assertAnswer(outcome, JSON.parse(changed.toString()).request.uid);
    });
    await fc.assert(property, { numRuns: runs(0.1) });
  }).timeout(patience(0.1));

  it('is refused when it breaks off, wherever it does', async () => {
    const body = Buffer.from(JSON.stringify(capture('cronjob-misplaced-apply-create')));
    for (let length = 0; length < body.length; length++) {
      const outcome = await outcomeOfBody('enforce', body.subarray(0, length));
      assert.deepEqual(outcome, { refused: 'the body is not JSON' }, `${length} of ${body.length} bytes`);
    }
  });
});
