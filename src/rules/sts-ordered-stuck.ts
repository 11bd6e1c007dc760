import { datadogStatefulSets } from '../incidents/datadog-stateful-sets.ts';
import { StatefulSet } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const LEAST_REPLICAS = 3;
const POLICY = ['spec', 'podManagementPolicy'];

export default rule({
  id: 'sts-ordered-stuck',
  title: 'One broken pod of a StatefulSet keeps those after it from coming back',
  severity: 'note',
  lessons: [datadogStatefulSets.lessons.orderStopsAtTheFirst],
  why:
    'With podManagementPolicy OrderedReady, the default, a pod is made only when all before it are ready. While one of ' +
    'them crash-loops, a later one that is lost with its node is not made again.',
  unless: 'the members must start one after the other',
  kinds: [StatefulSet],
  *check({ object }) {
    const { replicas, podManagementPolicy } = object.spec ?? {};
    if ((replicas ?? 1) < LEAST_REPLICAS || (podManagementPolicy ?? 'OrderedReady') !== 'OrderedReady')
      return;
    yield {
      path: POLICY,
      what: `of ${replicas} pods, made in order, none after a broken one comes back until that is mended`,
      fix: () =>
        `${snippet(POLICY, 'Parallel')}\nIt cannot be changed: kubectl delete statefulset --cascade=orphan first, and apply it again`,
    };
  },
});
