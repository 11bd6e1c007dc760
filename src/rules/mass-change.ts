import { datadog200Deployments } from '../incidents/datadog-200-deployments.ts';
import { CronJob, kindOf, PodTemplate } from '../kubernetes/kinds.ts';
import type { KubeObject } from '../kubernetes/object.ts';
import { Release, type ReleaseObject } from '../model/release.ts';
import { rule } from '../model/rule.ts';
import { refOf } from '../model/subject.ts';

const MOST_AT_ONCE = 50;
const ROLLED_OUT = ['DaemonSet', 'Deployment', 'StatefulSet'];

export default rule({
  id: 'mass-change',
  title: 'One change starts the pods of very many workloads',
  severity: 'note',
  lessons: [datadog200Deployments.lessons.muchAtOnce],
  why:
    'For each workload controllers make ReplicaSets and Pods, the scheduler places them, and every step is written to etcd ' +
    'and told to all who watch. Many at once wait for one another at the limits of each of them, and with them waits ' +
    'whatever else the cluster has to do, repairs included.',
  unless: 'the cluster is new and empty, or its control plane is known to bear it',
  kinds: [Release],
  *check({ object, previous, operation }) {
    // Of a release that is upgraded in a cluster nobody knows here what it held.
    if (operation === 'UPDATE' && !previous) return;
    const changed = changedIn(object, previous);
    const [first] = changed;
    if (!first || changed.length <= MOST_AT_ONCE) return;
    yield {
      path: ['metadata', 'name'],
      about: first,
      // What an upgrade changes was no fault of the revision before, however much that made.
      key: previous ? 'mass-change' : 'mass-creation',
      what: `${changed.length} objects that start pods are ${previous ? 'changed or made' : 'made'} at once: ${inWords(changed)}`,
      fix: () =>
        'roll it out in parts, and wait for each before the next:\n' +
        `kubectl apply -f PART && kubectl rollout status --timeout=15m ${awaited(changed)}`,
    };
  },
});

/** What kubectl can wait for (k8s staging/src/k8s.io/kubectl/pkg/polymorphichelpers/rollout_status.go). */
function awaited(changed: readonly KubeObject[]): string {
  const one = changed.map(refOf).find(({ kind }) => ROLLED_OUT.includes(kind));
  if (!one) return 'WORKLOAD';
  const there = one.namespace === null ? '' : `-n ${one.namespace} `;
  return `${there}${one.kind.toLowerCase()}/${one.name}    # and the others of the part`;
}

function changedIn(release: ReleaseObject, previous: ReleaseObject | undefined): KubeObject[] {
  const before = new Map(previous?.objects.map(one => [identity(one), one.spec]));
  const stays = (one: KubeObject) =>
    before.has(identity(one)) && JSON.stringify(before.get(identity(one))) === JSON.stringify(one.spec);
  return release.objects.filter(one => startsPods(one) && !stays(one));
}

/** At once: a CronJob does when its time comes, and a PodTemplate never. */
function startsPods(object: KubeObject): boolean {
  const kind = kindOf(object);
  return kind?.podTemplate !== undefined && kind !== CronJob && kind !== PodTemplate;
}

function identity(object: KubeObject): string {
  const { kind, namespace, name } = refOf(object);
  return JSON.stringify([kindOf(object)?.group, kind, namespace, name]);
}

/** `48 Deployments, 1 StatefulSet`, the most frequent first. */
function inWords(objects: readonly KubeObject[]): string {
  return [...Map.groupBy(objects, ({ kind }) => kind)]
    .map(([kind, { length }]) => ({ kind, length }))
    .sort((a, b) => b.length - a.length)
    .map(({ kind, length }) => `${length} ${kind}${length === 1 ? '' : 's'}`)
    .join(', ');
}
