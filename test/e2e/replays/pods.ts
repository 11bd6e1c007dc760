import assert from 'node:assert/strict';
import { valueAt } from '../../../src/kubernetes/object.ts';
import { limitRange } from '../manifests.ts';
import { passed } from '../outcome.ts';
import { limitOfInit, restoring, workload } from './props.ts';
import type { Replay } from './replay.ts';

export const pods: readonly Replay[] = [
  {
    lesson: 'L55',
    rule: 'memory-request-missing',
    told: 'deny',
    story: 'a Pod without a memory request is of the class that the kernel kills first',
    deed: (stage, ...how) => stage.apply(workload('Deployment', { memory: false }), ...how),
    harm: async stage => assert.equal(valueAt(await stage.pod(), ['status', 'qosClass']), 'BestEffort'),
    mended: stage => stage.apply(workload('Deployment')),
    spared: async stage => assert.equal(valueAt(await stage.pod(), ['status', 'qosClass']), 'Burstable'),
  },
  {
    lesson: 'L60',
    rule: 'init-inflates-pod',
    told: 'note',
    story: 'a Pod counts for its life as large as an init container that has long ended',
    before: async stage =>
      passed(await stage.kubectl('create', 'quota', 'all', '--hard=requests.memory=8Gi')),
    deed: (stage, ...how) =>
      stage.apply(workload('Deployment', { pod: restoring({ requests: { memory: '2Gi' } }) }), ...how),
    harm: stage => stage.becomes('quota/all', USED, '2Gi'),
    mended: stage =>
      stage.apply(
        workload('Deployment', {
          pod: restoring({ requests: { memory: '64Mi' }, limits: { memory: '2Gi' } }),
        }),
      ),
    spared: stage => stage.becomes('quota/all', USED, '64Mi'),
  },
  {
    lesson: 'L61',
    rule: 'limitrange-hits-init',
    told: 'warn',
    story: 'an init container gets the limit that a LimitRange has for what runs all day',
    before: stage => stage.applied(limitRange(stage.namespace, '32Mi')),
    deed: (stage, ...how) => stage.apply(workload('Deployment', { pod: restoring({}) }), ...how),
    harm: async stage => assert.equal(limitOfInit(await stage.pod()), '32Mi'),
    mended: stage => stage.apply(workload('Deployment', { pod: restoring({ limits: { memory: '64Mi' } }) })),
    spared: async stage => assert.equal(limitOfInit(await stage.pod()), '64Mi'),
  },
  {
    lesson: 'L67',
    rule: 'sts-ordered-stuck',
    told: 'note',
    story: 'a Pod of a StatefulSet that does not become ready keeps those after it from being made',
    deed: (stage, ...how) => stage.apply(workload('StatefulSet', { replicas: 3 }), ...how),
    harm: stage => stage.keepsPods(1),
    mended: stage =>
      stage.apply(workload('StatefulSet', { replicas: 3, spec: { podManagementPolicy: 'Parallel' } })),
    spared: stage => stage.keepsPods(3),
  },
];

const USED = '.status.used.requests\\.memory';
