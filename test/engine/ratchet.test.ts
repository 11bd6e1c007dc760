import assert from 'node:assert/strict';
import { decide } from '../../src/engine/decide.ts';
import { review } from '../../src/engine/review.ts';
import { kindOf } from '../../src/kubernetes/kinds.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { known, unknown } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import { bundle } from '../../src/world/bundle.ts';

const settings = {
  rules,
  world: bundle([], undefined),
  today: '2026-11-21',
  configuration: defaultConfiguration,
};

interface Change {
  from: KubeObject;
  to: KubeObject;
  wrote?: KubeObject;
  hadWritten?: KubeObject;
}

function update({ from, to, wrote, hadWritten }: Change) {
  const lost = unknown('no trace');
  const subject = {
    operation: 'UPDATE' as const,
    kind: kindOf(to),
    object: to,
    asWritten: wrote ? known(wrote) : lost,
    previous: { object: from, asWritten: hadWritten ? known(hadWritten) : lost },
  };
  return decide(review(subject, settings), 'enforce');
}

function container(name: string, more: object = {}): Record<string, unknown> {
  return { name, image: `registry.example.com/${name}:1`, ...more };
}

function deployment(containers: unknown[], more: { metadata?: object; spec?: object } = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...more.metadata },
    spec: { ...more.spec, template: { spec: { containers } } },
  };
}

const script = { livenessProbe: { exec: { command: ['probe.sh'] } } };
const single = { livenessProbe: { exec: { command: ['pg_isready'] } } };
const memory = { resources: { requests: { memory: '1Gi' }, limits: { memory: '1Gi' } } };

describe('the ratchet', () => {
  const bad = deployment([container('web', script)]);

  it('lets an unchanged bad object pass', () => assert.equal(update({ from: bad, to: bad }).allowed, true));

  for (const [what, metadata] of Object.entries({
    labels: { labels: { team: 'a' } },
    annotations: { annotations: { note: 'x' } },
    finalizers: { finalizers: [] },
    'owner references': { ownerReferences: [{ kind: 'App', name: 'web' }] },
    'a deletion timestamp': { deletionTimestamp: '2026-11-21T00:00:00Z' },
  })) {
    it(`lets ${what} be changed on a bad object`, () => {
      assert.equal(
        update({ from: bad, to: deployment([container('web', script)], { metadata }) }).allowed,
        true,
      );
    });
  }

  it('lets a bad object be scaled, rolled and given another image', () => {
    const rolled = { ...container('web', script), image: 'registry.example.com/web:2' };
    assert.equal(update({ from: bad, to: deployment([rolled], { spec: { replicas: 9 } }) }).allowed, true);
  });

  it('tells old faults as warnings', () => {
    const { warnings } = update({ from: bad, to: bad });
    assert.ok(
      warnings.some(
        ({ finding }) => finding.rule.id === 'memory-request-missing' && finding.existing === 'yes',
      ),
    );
  });

  it('refuses a new fault on a bad object, and only for that fault', () => {
    const { allowed, refusals } = update({
      from: bad,
      to: deployment([container('web', script), container('log')]),
    });
    assert.equal(allowed, false);
    assert.deepEqual(
      refusals.map(({ rule, at }) => [rule.id, at]),
      [['memory-request-missing', 'spec.template.spec.containers[log].resources.requests.memory']],
    );
  });

  it('refuses a new fault in an object that is being deleted: finalizers are no way around', () => {
    const metadata = { deletionTimestamp: '2026-11-21T00:00:00Z', finalizers: ['a/b'] };
    const dying = (containers: unknown[]) => deployment(containers, { metadata });
    const verdict = update({ from: dying([container('web', memory)]), to: dying([container('web')]) });
    assert.equal(verdict.allowed, false);
  });

  it('knows containers by name, not by place', () => {
    const [a, b] = [container('a', script), container('b', memory)];
    assert.equal(update({ from: deployment([a, b]), to: deployment([b, a]) }).allowed, true);
  });

  it('refuses a fault that has become worse', () => {
    const verdict = update({
      from: deployment([container('web', { ...memory, ...single })]),
      to: deployment([container('web', { ...memory, ...script })]),
    });
    assert.deepEqual(
      verdict.refusals.map(({ rule }) => rule.id),
      ['probe-exec-without-init'],
    );
  });

  it('lets a CronJob that was suspended in an outage go on as it was', () => {
    const job = (spec: object): KubeObject => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'report', namespace: 'shop' },
      spec: { schedule: '*/5 * * * *', jobTemplate: { spec: {} }, ...spec },
    });
    assert.equal(update({ from: job({ suspend: true }), to: job({ suspend: false }) }).allowed, true);
    const faster = job({ suspend: false, schedule: '* * * * *' });
    assert.equal(update({ from: job({ suspend: true }), to: faster }).allowed, false);
    const deadline = { spec: { activeDeadlineSeconds: 50 } };
    for (const bounded of [{ concurrencyPolicy: 'Forbid' }, { jobTemplate: deadline }]) {
      const from = job({ suspend: true, ...bounded });
      assert.equal(update({ from, to: job({ suspend: false }) }).allowed, false);
    }
  });

  const overlapping = (spec: object): KubeObject => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'report', namespace: 'shop' },
    spec: { jobTemplate: { spec: {} }, ...spec },
  });

  for (const [from, to] of [
    ['*/5 * * * *', '*/5 * * * *'],
    ['*/5 * * * *', '*/10 * * * *'],
    ['*/5 * * * *', '0 * * * *'],
    ['*/15 * * * *', '*/10 * * * *'],
    ['CRON_TZ=Europe/Berlin */5 * * * *', '*/5 * * * *'],
    ['0 * * * *', '30 * * * *'],
    ['0 * * * *', '*/20 * * * *'],
  ] as const)
    it(`takes runs that overlap from "${from}" to "${to}" for the old fault`, () => {
      const verdict = update({ from: overlapping({ schedule: from }), to: overlapping({ schedule: to }) });
      assert.equal(verdict.allowed, true);
      const told = verdict.warnings.find(({ finding }) => finding.rule.id === 'cronjob-runs-overlap');
      assert.equal(told?.finding.existing, 'yes');
    });

  for (const from of ['0 * * * *', '*/20 * * * *', '0 */2 * * *', '0 0 31 2 *'])
    it(`refuses runs that overlap from "${from}" to "*/15 * * * *": a fault made worse is new`, () => {
      const [was, is] = [overlapping({ schedule: from }), overlapping({ schedule: '*/15 * * * *' })];
      assert.deepEqual(
        update({ from: was, to: is }).refusals.map(({ rule }) => rule.id),
        ['cronjob-runs-overlap'],
      );
    });

  it('lets whoever resumes a suspended CronJob choose a milder schedule, and no worse one', () => {
    const resumed = (from: string, to: string) =>
      update({ from: overlapping({ suspend: true, schedule: from }), to: overlapping({ schedule: to }) });
    assert.equal(resumed('*/5 * * * *', '*/10 * * * *').allowed, true);
    assert.equal(resumed('*/10 * * * *', '*/5 * * * *').allowed, false);
    assert.equal(resumed('0 * * * *', '*/15 * * * *').allowed, false);
  });

  it('is not misled by items without a name that have moved', () => {
    const spread = (constraints: object[]) => {
      const object = deployment([container('web', memory)]);
      Object.assign(object.spec as object, {
        template: {
          spec: { containers: [container('web', memory)], topologySpreadConstraints: constraints },
        },
      });
      return object;
    };
    const bad = { topologyKey: 'zone', matchLabels: { a: 'b' } };
    const good = { topologyKey: 'host', labelSelector: { matchLabels: { a: 'b' } } };
    const [from, to] = [spread([bad]), spread([good, bad])];
    assert.equal(update({ from, to, hadWritten: from, wrote: to }).allowed, true);
    const worse = spread([bad, { ...bad }]);
    assert.equal(update({ from, to: worse, hadWritten: from, wrote: worse }).allowed, false);
  });

  it('takes a field that is dropped for the same fault, wherever else it might belong now', () => {
    const stray = (containers: unknown[]) => {
      const object = deployment(containers);
      Object.assign(object.spec as object, {
        template: { spec: { containers, securityContext: { privileged: true } } },
      });
      return object;
    };
    const privileged = container('a', { ...memory, securityContext: { privileged: true } });
    const [from, to] = [stray([privileged]), stray([privileged, container('b', memory)])];
    assert.equal(update({ from, to, hadWritten: from, wrote: to }).allowed, true);
  });

  describe('on what was written', () => {
    const cronjob = (spec: object): KubeObject => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'report', namespace: 'shop' },
      spec: { schedule: '0 3 * * *', ...spec },
    });
    const stored = cronjob({});
    const misplaced = cronjob({ jobTemplate: { spec: { concurrencyPolicy: 'Forbid' } } });

    it('refuses a field that this apply misplaces', () => {
      const { refusals } = update({ from: stored, to: stored, wrote: misplaced, hadWritten: stored });
      assert.deepEqual(
        refusals.map(({ rule }) => rule.id),
        ['field-misplaced'],
      );
    });

    it('lets pass what an earlier apply had misplaced', () => {
      assert.equal(
        update({ from: stored, to: stored, wrote: misplaced, hadWritten: misplaced }).allowed,
        true,
      );
    });

    it('does not refuse when what was written before is not known', () => {
      const { allowed, warnings } = update({ from: stored, to: stored, wrote: misplaced });
      assert.equal(allowed, true);
      assert.ok(warnings.some(({ finding }) => finding.existing === 'unclear'));
    });
  });
});
