import assert from 'node:assert/strict';
import process from 'node:process';
import { review } from '../../src/engine/review.ts';
import { readObjects } from '../../src/intake/files.ts';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import type { Review } from '../../src/model/report.ts';
import { known } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import { bundle } from '../../src/world/bundle.ts';

function judged(object: KubeObject, world = bundle([], undefined)): Review {
  const settings = {
    rules,
    world,
    today: '2026-11-21',
    configuration: defaultConfiguration,
  };
  const subject = { operation: 'CREATE' as const, kind: kindOf(object), object, asWritten: known(object) };
  return review(subject, settings);
}

/** Milliseconds that judging takes, at the best of three. */
function judging(object: KubeObject): number {
  return Math.min(
    ...[1, 2, 3].map(() => {
      const started = performance.now();
      judged(object);
      return performance.now() - started;
    }),
  );
}

function deployment(containers: unknown[], annotations: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', annotations: { ...annotations } },
    spec: { template: { spec: { containers } } },
  };
}

const probe = (command: string[]) => [{ name: 'web', image: 'web:1', livenessProbe: { exec: { command } } }];

describe('judging takes time in proportion, with', () => {
  const hostile: Record<string, (size: number) => KubeObject> = {
    'a waiver of a quarter of a megabyte': size =>
      deployment([], { 'waive.premortem.dev/memory-request-missing': `${';until='.repeat(size)} x` }),
    'ten thousand containers': size =>
      deployment(Array.from({ length: size / 3 }, (_, index) => ({ name: `c${index}`, image: 'web:1' }))),
    'a probe of nothing but spaces': size => deployment(probe(['sh', '-c', `exec${' '.repeat(size * 4)};`])),
    'a probe of nothing but timeouts': size => deployment(probe(['sh', '-c', 'timeout -k '.repeat(size)])),
    'a schedule without end': size => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'web' },
      spec: { schedule: `${'1,'.repeat(size)}1 * * * *` },
    }),
  };
  for (const [what, make] of Object.entries(hostile)) {
    it(what, () => {
      const [small, large] = [judging(make(9_000)), judging(make(36_000))];
      // Four times the size in sixteen times the time would be quadratic; a few milliseconds are noise.
      assert.ok(large <= small * 10 + 50, `${small.toFixed(1)} ms became ${large.toFixed(1)} ms`);
    });
  }
});

describe('judging', () => {
  it('compares names with as many in a moment', () => {
    const named = (index: number, word: string) => `${word}-${String(index).padStart(4, '0')}`;
    const indexes = [...Array(3_000).keys()];
    const text = indexes.map(index =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: named(index, 'first'), namespace: 'shop' },
        data: { [named(index, 'key')]: '' },
      }),
    );
    const world = bundle(readObjects({ file: 'maps.yaml', text: text.join('\n---\n') }).objects, undefined);
    const env = indexes.map(index => {
      const configMapKeyRef = { name: named(index, index % 2 ? 'first' : 'other'), key: 'key' };
      return { name: `V${index}`, valueFrom: { configMapKeyRef } };
    });
    const begun = process.cpuUsage();
    judged(deployment([{ name: 'web', image: 'web:1', env }]), world);
    assert.ok(process.cpuUsage(begun).user < 1_000_000);
  });

  it('finds more in one object than a call may have arguments', () => {
    const containers = Array.from({ length: 130_000 }, (_, index) => ({ name: `c${index}`, image: 'web:1' }));
    const { findings } = judged(deployment(containers));
    assert.equal(findings.filter(({ severity }) => severity === 'deny').length, 130_000);
  });
});
