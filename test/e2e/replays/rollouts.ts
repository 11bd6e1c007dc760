import { passed } from '../outcome.ts';
import { agent, autoscaler, becomeReady, makeNodes, NODES, WEB, workload } from './props.ts';
import type { Replay } from './replay.ts';

export const rollouts: readonly Replay[] = [
  {
    lesson: 'L59',
    rule: 'resource-cliff',
    told: 'warn',
    story: 'what looked idle is cut from eight Pods to two at once',
    before: async stage => {
      await stage.applied(workload('Deployment', { replicas: 8 }));
      await stage.hasPods(8);
    },
    deed: (stage, ...how) => stage.apply(workload('Deployment', { replicas: 2 }), ...how),
    harm: stage => stage.hasPods(2),
    mended: stage => stage.apply(workload('Deployment', { replicas: 6 })),
    spared: stage => stage.keepsPods(6),
  },
  {
    lesson: 'L63',
    rule: 'hpa-vs-replicas',
    told: 'warn',
    story: 'an apply of what is there already stops the Pods that the autoscaler has added',
    before: async stage => {
      await stage.applied(workload('Deployment', { replicas: 2 }), autoscaler(2, 10));
      // In the autoscaler's place, which has no metrics here.
      passed(await stage.kubectl('scale', WEB, '--replicas=6'));
      await stage.hasPods(6);
    },
    deed: (stage, ...how) => stage.apply(workload('Deployment', { replicas: 2 }), ...how),
    harm: stage => stage.hasPods(2),
    mended: async stage => {
      await stage.forgotten(WEB, 'replicas:');
      return stage.apply(workload('Deployment'));
    },
    spared: stage => stage.keepsPods(6),
  },
  {
    lesson: 'L64',
    rule: 'replicas-removed',
    told: 'deny',
    story: 'an apply without spec.replicas stops all Pods but one',
    before: async stage => {
      await stage.applied(workload('Deployment', { replicas: 5 }));
      await stage.hasPods(5);
    },
    deed: (stage, ...how) => stage.apply(workload('Deployment'), ...how),
    harm: stage => stage.hasPods(1),
    mended: async stage => {
      await stage.forgotten(WEB, 'replicas:');
      return stage.apply(workload('Deployment'));
    },
    spared: stage => stage.keepsPods(5),
  },
  {
    lesson: 'L65',
    rule: 'daemonset-rollout-storm',
    told: 'warn',
    story: 'a new version of a DaemonSet takes the Pods of all nodes down at once',
    before: async stage => {
      await makeNodes(stage);
      await stage.applied(agent(stage, '1', 1));
      await stage.hasPods(NODES);
      await becomeReady(stage);
      await stage.becomes('daemonset/web', '.status.numberAvailable', String(NODES));
    },
    deed: (stage, ...how) => stage.apply(agent(stage, '2', '100%'), ...how),
    harm: stage => stage.becomes('daemonset/web', '.status.numberUnavailable', String(NODES)),
    mended: stage => stage.apply(agent(stage, '2', 1)),
    spared: async stage => {
      await stage.becomes('daemonset/web', '.status.updatedNumberScheduled', '1');
      await stage.stays('one node at a time is without', async () => {
        return (await stage.value('daemonset/web', '.status.numberUnavailable')) === '1';
      });
    },
  },
];
