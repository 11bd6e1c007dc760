import assert from 'node:assert/strict';
import {
  builtInKinds,
  CronJob,
  CustomResourceDefinition,
  type Kind,
  LimitRange,
  Namespace,
  Pod,
  Service,
} from '../../src/kubernetes/kinds.ts';
import { asWritten, inSameNamespace, named, ownedByRelease, type Query } from '../../src/model/query.ts';
import { Release } from '../../src/model/release.ts';
import type { Rule } from '../../src/model/rule.ts';
import { rules } from '../../src/rules/index.ts';
import { serves, type WatchPlan, watchesFor } from '../../src/world/watch-plan.ts';

const BY_HELM = { 'app.kubernetes.io/managed-by': 'Helm' };
const NAMESPACES: WatchPlan = { kind: Namespace, part: 'metadata', labels: {}, fields: {} };
const BALANCER = { 'spec.type': 'LoadBalancer' };

function planned(...needs: Query[]): WatchPlan[] {
  return watchesFor([{ needs: { ...needs } } as unknown as Rule]).filter(({ kind }) => kind !== Namespace);
}

describe('what is watched', () => {
  it('is what the rules ask for, and the metadata of all Namespaces', () => {
    assert.deepEqual(watchesFor([]), [NAMESPACES]);
    const plans = watchesFor(rules);
    assert.deepEqual(plans[0], NAMESPACES);
    assert.deepEqual(
      plans.find(({ kind }) => kind === LimitRange),
      { kind: LimitRange, part: 'metadata and spec', labels: {}, fields: {} },
    );
  });

  it('are all objects, where a rule asks for those of a namespace', () => {
    const all = { part: 'metadata and spec', labels: {}, fields: {} } as const;
    const needs = [inSameNamespace(Pod), inSameNamespace(Pod), inSameNamespace(CronJob)];
    assert.deepEqual(planned(...needs), [
      { kind: Pod, ...all },
      { kind: CronJob, ...all },
    ]);
    assert.deepEqual(planned(asWritten), []);
  });

  it('is the metadata of what Helm made, where a rule asks what a release owns', () => {
    assert.deepEqual(planned(ownedByRelease(Service, BALANCER), ownedByRelease(CustomResourceDefinition)), [
      { kind: Service, part: 'metadata', labels: BY_HELM, fields: BALANCER },
      { kind: CustomResourceDefinition, part: 'metadata', labels: BY_HELM, fields: {} },
    ]);
  });

  it('is the metadata of one object, where a rule asks for it by name', () => {
    assert.deepEqual(planned(named(CustomResourceDefinition, 'shops.example.org')), [
      {
        kind: CustomResourceDefinition,
        part: 'metadata',
        labels: {},
        fields: { 'metadata.name': 'shops.example.org' },
      },
    ]);
  });

  it('is of each kind one selection that serves all questions', () => {
    const pairs: [Query, Query, Omit<WatchPlan, 'kind'>][] = [
      [
        ownedByRelease(Service, BALANCER),
        ownedByRelease(Service),
        { part: 'metadata and spec', labels: BY_HELM, fields: {} },
      ],
      [
        ownedByRelease(Service, BALANCER),
        ownedByRelease(Service, BALANCER),
        { part: 'metadata', labels: BY_HELM, fields: BALANCER },
      ],
      [
        ownedByRelease(Service, BALANCER),
        inSameNamespace(Service),
        { part: 'metadata and spec', labels: {}, fields: {} },
      ],
      [
        named(CustomResourceDefinition, 'a'),
        ownedByRelease(CustomResourceDefinition),
        { part: 'metadata', labels: {}, fields: {} },
      ],
      [
        named(CustomResourceDefinition, 'a'),
        named(CustomResourceDefinition, 'b'),
        { part: 'metadata', labels: {}, fields: {} },
      ],
    ];
    for (const [one, other, expected] of pairs) {
      for (const needs of [
        [one, other],
        [other, one],
        [one, other, one],
      ]) {
        const [plan, ...others] = planned(...needs);
        assert.ok(plan && others.length === 0);
        const { kind: _, ...what } = plan;
        assert.deepEqual(what, expected);
        for (const query of needs) assert.ok(serves(plan, query));
      }
    }
  });

  it('serves no question that it was not planned for', () => {
    const [narrow] = planned(ownedByRelease(Service, BALANCER));
    assert.ok(narrow);
    for (const query of [ownedByRelease(Service), inSameNamespace(Service), ownedByRelease(Pod), asWritten])
      assert.equal(serves(narrow, query), false, query.ask);
  });

  it('is never confidential, and no kind of our own', () => {
    const secret = builtInKinds.find(({ name }) => name === 'Secret');
    assert.ok(secret);
    for (const kind of [secret, Release, { ...Pod, name: 'Rollout' }] as Kind[])
      for (const query of [inSameNamespace(kind), ownedByRelease(kind), named(kind, 'a')])
        assert.throws(() => planned(query), new RegExp(kind.name));
    assert.throws(() => watchesFor([{ needs: { a: inSameNamespace(Namespace) } } as unknown as Rule]));
    assert.throws(() => planned(named(Pod, 'a')), /Pod/);
  });

  it('is never narrowed by a field that could not be told apart later', () => {
    const running = ownedByRelease(Pod, { 'status.phase': 'Running' });
    assert.deepEqual(planned(running)[0]?.fields, { 'status.phase': 'Running' });
    assert.throws(() => planned(running, ownedByRelease(Pod)), /status\.phase of Pod/);
  });
});
