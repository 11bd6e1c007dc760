import assert from 'node:assert/strict';
import {
  builtInKinds,
  CronJob,
  CustomResourceDefinition,
  EndpointSlice,
  type Kind,
  LimitRange,
  Namespace,
  Node,
  Pod,
  Service,
} from '../../src/kubernetes/kinds.ts';
import {
  asWritten,
  inCluster,
  inNamespace,
  inSameNamespace,
  named,
  ownedByRelease,
  type Query,
} from '../../src/model/query.ts';
import { Release } from '../../src/model/release.ts';
import type { Rule } from '../../src/model/rule.ts';
import { rules } from '../../src/rules/index.ts';
import { serves, type WatchPlan, watchesFor } from '../../src/world/watch-plan.ts';

const BY_HELM = { 'app.kubernetes.io/managed-by': 'Helm' };
const NAMESPACES: WatchPlan = { kind: Namespace, parts: [], labels: {}, fields: {} };
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
      { kind: LimitRange, parts: [['spec']], labels: {}, fields: {} },
    );
  });

  it('are all objects, where a rule asks for those of a namespace', () => {
    const all = { parts: [['spec']], labels: {}, fields: {} } as const;
    const needs = [inSameNamespace(Pod), inSameNamespace(Pod), inSameNamespace(CronJob)];
    assert.deepEqual(planned(...needs), [
      { kind: Pod, ...all },
      { kind: CronJob, ...all },
    ]);
    assert.deepEqual(planned(asWritten), []);
  });

  it('is the metadata of what Helm made, where a rule asks what a release owns', () => {
    assert.deepEqual(planned(ownedByRelease(Service, BALANCER), ownedByRelease(CustomResourceDefinition)), [
      { kind: Service, parts: [], labels: BY_HELM, fields: BALANCER },
      { kind: CustomResourceDefinition, parts: [], labels: BY_HELM, fields: {} },
    ]);
  });

  it('is the metadata of one object, where a rule asks for it by name', () => {
    assert.deepEqual(planned(named(CustomResourceDefinition, 'shops.example.org')), [
      {
        kind: CustomResourceDefinition,
        parts: [],
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
        { parts: [['spec', 'type']], labels: BY_HELM, fields: {} },
      ],
      [
        ownedByRelease(Service, BALANCER),
        ownedByRelease(Service, BALANCER),
        { parts: [], labels: BY_HELM, fields: BALANCER },
      ],
      [
        ownedByRelease(Service, BALANCER),
        inSameNamespace(Service),
        { parts: [['spec']], labels: {}, fields: {} },
      ],
      [
        named(CustomResourceDefinition, 'a'),
        ownedByRelease(CustomResourceDefinition),
        { parts: [], labels: {}, fields: {} },
      ],
      [
        named(CustomResourceDefinition, 'a'),
        named(CustomResourceDefinition, 'b'),
        { parts: [], labels: {}, fields: {} },
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

  it('holds a field by which it is no longer selected', () => {
    const running = ownedByRelease(Pod, { 'status.phase': 'Running' });
    assert.deepEqual(planned(running)[0]?.fields, { 'status.phase': 'Running' });
    const [both] = planned(running, ownedByRelease(Pod));
    assert.deepEqual([both?.fields, both?.parts], [{}, [['status', 'phase']]]);
  });

  describe('where a rule asks for parts of all objects', () => {
    const version = ['status', 'nodeInfo', 'kubeletVersion'];

    it('are those parts and no more, of kinds too of which the webhook is sent nothing', () => {
      assert.deepEqual(planned(inCluster(Node, [version])), [
        { kind: Node, parts: [version], labels: {}, fields: {} },
      ]);
      const taints = ['spec', 'taints'];
      assert.deepEqual(planned(inCluster(Node, [version]), inCluster(Node, [taints, version]))[0]?.parts, [
        version,
        taints,
      ]);
      assert.deepEqual(planned(inCluster(Node, [taints]), inCluster(Node, [['spec']]))[0]?.parts, [['spec']]);
    });

    it('are those of one namespace where it is named, beside others of the same kind', () => {
      const slices = inNamespace(EndpointSlice, 'default', [['endpoints']]);
      const others = inNamespace(EndpointSlice, ['spec', 'service', 'namespace'], [['metadata', 'labels']]);
      const [inDefault, inAll, ...more] = planned(slices, others, slices);
      assert.deepEqual(more, []);
      assert.deepEqual(
        [inDefault?.fields, inDefault?.parts],
        [{ 'metadata.namespace': 'default' }, [['endpoints']]],
      );
      assert.deepEqual([inAll?.fields, inAll?.parts], [{}, [['metadata', 'labels']]]);
      assert.ok(inDefault && inAll);
      for (const [plan, query, expected] of [
        [inDefault, slices, true],
        [inDefault, others, false],
        [inAll, others, true],
        [inAll, slices, false],
      ] as const)
        assert.equal(serves(plan, query), expected);
    });

    it('serve no question for another part, and answer every one whose part lies in them', () => {
      const [plan] = planned(inCluster(Service, [['spec']]));
      assert.ok(plan);
      assert.ok(serves(plan, inCluster(Service, [['spec', 'ports']], BALANCER)));
      assert.equal(serves(plan, inCluster(Service, [['status']])), false);
    });

    it('are no cluster-wide objects by namespace', () => {
      assert.throws(() => planned(inNamespace(Node, 'default', [])), /Node/);
    });
  });
});
