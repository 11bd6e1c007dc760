import assert from 'node:assert/strict';
import { reviewRevision } from '../../src/cli/revision.ts';
import { decide } from '../../src/engine/decide.ts';
import { review } from '../../src/engine/review.ts';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { known } from '../../src/model/subject.ts';
import { denial } from '../../src/report/denial.ts';
import { rules } from '../../src/rules/index.ts';
import { bundle } from '../../src/world/bundle.ts';

const KEY = 'waive.premortem.dev/memory-request-missing';

function judged(annotations: Record<string, string>, onTemplate: Record<string, string> = {}) {
  const object: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', annotations },
    spec: {
      template: {
        metadata: { annotations: onTemplate },
        spec: { containers: [{ name: 'web', image: 'web:1' }] },
      },
    },
  };
  const subject = { operation: 'CREATE' as const, kind: kindOf(object), object, asWritten: known(object) };
  const outcome = review(subject, {
    rules,
    world: bundle([], undefined),
    today: '2026-11-21',
    configuration: defaultConfiguration,
  });
  return { outcome, verdict: decide(outcome, 'enforce') };
}

describe('a waiver', () => {
  it('lets a fault pass that its author answers for, and stays in the report', () => {
    const { outcome, verdict } = judged({ [KEY]: 'sized by the autoscaler' });
    assert.equal(verdict.allowed, true);
    const waived = outcome.findings.find(({ rule }) => rule.id === 'memory-request-missing');
    assert.deepEqual(waived?.waiver, { reason: 'sized by the autoscaler', until: null });
  });

  it('may stand on the pod template', () => {
    assert.equal(judged({}, { [KEY]: 'sized by the autoscaler' }).verdict.allowed, true);
  });

  it('holds to its last day', () => {
    assert.equal(judged({ [KEY]: 'until we know more; until=2026-11-21' }).verdict.allowed, true);
    const { outcome, verdict } = judged({ [KEY]: 'until we know more; until=2026-11-20' });
    assert.equal(verdict.allowed, false);
    assert.deepEqual(
      outcome.waiverProblems.map(({ problem }) => problem),
      ['expired'],
    );
    assert.match(
      denial(outcome, verdict),
      /the waiver of memory-request-missing does not hold: its last day/,
    );
  });

  for (const [text, problem] of Object.entries({
    '': 'without-reason',
    '  ; until=2027-01-01': 'without-reason',
    '<reason>': 'without-reason',
    'reason; until=soon': 'malformed',
    'reason; until=2026-02-30': 'malformed',
    'reason; until=2020-01-01; TICKET-5': 'malformed',
    'reason; Until=2020-01-01': 'malformed',
    'reason, until=2020-01-01': 'malformed',
    'reason until 2020-01-01': 'malformed',
    'reason; until: 2020-01-01': 'malformed',
  })) {
    it(`does not hold as ${JSON.stringify(text)}`, () => {
      const { outcome, verdict } = judged({ [KEY]: text });
      assert.equal(verdict.allowed, false);
      assert.deepEqual(
        outcome.waiverProblems.map(one => one.problem),
        [problem],
      );
    });
  }

  it('waives its own rule and no other', () => {
    const { verdict } = judged({ 'waive.premortem.dev/memory-limit-missing': 'one thing only' });
    assert.equal(verdict.allowed, false);
  });

  it('that waives nothing is reported, and so is one for a rule that does not exist', () => {
    const key = (rule: string) => `waive.premortem.dev/${rule}`;
    const { outcome } = judged({ [key('cron-daemon-without-init')]: 'x', [key('no-such-rule')]: 'x' });
    assert.deepEqual(
      outcome.waiverProblems.map(({ problem }) => problem),
      ['needless', 'unknown-rule'],
    );
  });

  it('on what a finding speaks of counts, when that is another object than the one under review', () => {
    const key = 'waive.premortem.dev/release-drops-namespace';
    const file = (annotations: object) => {
      const text = JSON.stringify({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'shop', annotations },
      });
      return [{ file: 'old.yaml', text }];
    };
    const found = (annotations: object) =>
      [...reviewRevision([], file(annotations), '2026-11-21', []).reviews].flatMap(
        ({ findings }) => findings,
      );
    assert.deepEqual(
      found({}).map(({ waiver }) => waiver),
      [null],
    );
    assert.deepEqual(
      found({ [key]: 'it moves out' }).map(({ waiver }) => waiver?.reason),
      ['it moves out'],
    );
  });

  it('of the old object counts too, since an undo takes the new annotations away, and is not missed when mended', () => {
    const object = (annotations: object, memory: object): KubeObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', annotations: { ...annotations } },
      spec: {
        template: {
          spec: { containers: [{ name: 'web', image: 'web:1', resources: { requests: memory } }] },
        },
      },
    });
    const waived = object({ [KEY]: 'outage' }, { memory: '1Gi' });
    const change = (to: KubeObject) =>
      review(
        {
          operation: 'UPDATE',
          kind: kindOf(to),
          object: to,
          asWritten: known(to),
          previous: { object: waived, asWritten: known(waived) },
        },
        { rules, world: bundle([], undefined), today: '2026-11-21', configuration: defaultConfiguration },
      );
    assert.equal(decide(change(object({}, {})), 'enforce').allowed, true);
    assert.deepEqual(change(object({}, { memory: '2Gi' })).waiverProblems, []);
  });
});
