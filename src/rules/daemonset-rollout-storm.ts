import { datadogDaemonSet } from '../incidents/datadog-daemonset-rollout.ts';
import { DaemonSet } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { type Fault, rule } from '../model/rule.ts';

const MOST_PERCENT = 20;
const MOST_NODES = 10;
const STRATEGY = ['spec', 'updateStrategy'];

export default rule({
  id: 'daemonset-rollout-storm',
  title: 'A DaemonSet is rolled out on much of the cluster at once',
  severity: 'warn',
  lessons: [datadogDaemonSet.lessons.everyNodeAtOnce],
  why:
    'A DaemonSet starts its pods on many nodes within the same seconds, and each of them asks the same few: the API ' +
    'server, the registry, the cloud. What a cluster of ten nodes does not notice is an attack in one of a thousand.',
  unless: 'the pods ask nobody when they start, or the cluster will never have more than a handful of nodes',
  kinds: [DaemonSet],
  *check({ object }) {
    const { type, rollingUpdate } = object.spec?.updateStrategy ?? {};
    if (type === 'OnDelete') {
      yield {
        path: [...STRATEGY, 'type'],
        what: 'updateStrategy OnDelete replaces a pod only after somebody has deleted it: the nodes run different versions until then',
        fix: () => snippet(STRATEGY, { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } }),
        severity: 'note',
      };
      return;
    }
    const { maxUnavailable, maxSurge } = rollingUpdate ?? {};
    if (percent(maxUnavailable) >= MOST_PERCENT || nodes(maxUnavailable) > MOST_NODES)
      yield faultOf(
        'maxUnavailable',
        maxUnavailable,
        'takes the pods of so many nodes down at once, and their successors start in the same seconds',
      );
    if (percent(maxSurge) >= MOST_PERCENT)
      yield faultOf('maxSurge', maxSurge, 'starts new pods on so many nodes in the same seconds');
  },
});

function faultOf(field: 'maxUnavailable' | 'maxSurge', value: unknown, does: string): Fault {
  const path = [...STRATEGY, 'rollingUpdate', field];
  return {
    path,
    what: `${field}: ${value} ${does}`,
    fix: () => `${snippet(path, 1)}    # an example: one node after the other; 5% where there are hundreds`,
  };
}

/** Both are a number of nodes, or text like `25%` (k8s apimachinery/pkg/util/intstr/intstr.go). */
function percent(value: unknown): number {
  const digits = typeof value === 'string' ? /^(\d{1,3})%$/.exec(value)?.[1] : undefined;
  return digits === undefined ? 0 : Number(digits);
}

function nodes(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
