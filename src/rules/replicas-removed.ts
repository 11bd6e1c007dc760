import { datadogReplicas } from '../incidents/datadog-replicas-reset.ts';
import { Deployment, ReplicaSet, ReplicationController, StatefulSet } from '../kubernetes/kinds.ts';
import { lastApplied } from '../kubernetes/last-applied.ts';
import { fieldManagers, managedFieldsOf } from '../kubernetes/managed-fields.ts';
import { type KubeObject, valueAt } from '../kubernetes/object.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

const REPLICAS = ['spec', 'replicas'];
/** k8s pkg/apis/apps/v1/defaults.go */
const DEFAULT_REPLICAS = 1;

export default rule({
  id: 'replicas-removed',
  title: 'Leaving spec.replicas out scales the workload to one',
  severity: 'deny',
  lessons: [datadogReplicas.lessons.removingScalesToOne],
  why:
    'To apply a manifest without a field that it had removes the field, and Kubernetes fills in its default: one replica. ' +
    'All pods but one are stopped at once, and where an autoscaler has taken over it has to climb from one again, ' +
    'under full load.',
  unless: 'one replica is what is wanted; better write replicas: 1, which says so',
  kinds: [Deployment, StatefulSet, ReplicaSet, ReplicationController],
  operations: ['UPDATE'],
  *check({ object, previous }) {
    const before = previous?.spec?.replicas;
    // Without a template it is a patch, merged into a workload that may say more.
    if (!previous || !object.spec?.template || before == null || before <= DEFAULT_REPLICAS) return;
    const after = object.spec.replicas;
    const removed =
      after == null ? wasWritten(previous) : after === DEFAULT_REPLICAS && isDropped(previous, object);
    if (!removed) return;
    const { name, namespace } = object.metadata ?? {};
    const target = `${namespace === undefined ? '' : `-n ${namespace} `}${object.kind?.toLowerCase()}/${name}`;
    yield {
      path: REPLICAS,
      what: `spec.replicas was ${before} and is left out now, so Kubernetes fills in its default and scales to ${DEFAULT_REPLICAS}`,
      fix: () =>
        'before you leave it out, delete the line replicas from the record, so that the apply finds nothing to remove:\n' +
        `kubectl apply edit-last-applied ${target}\n` +
        'or, with server-side apply, have another field manager apply spec.replicas first,\n' +
        `or keep it:\n${snippet(REPLICAS, before)}`,
    };
  },
});

/** Did the manifest itself hold the field, so that leaving it out removes it? Of a live object its record tells. */
function wasWritten(previous: KubeObject | object): boolean {
  const isLive = valueAt(previous, ['metadata', 'uid']) !== undefined;
  return (
    !isLive ||
    isApplied(previous) ||
    fieldManagers(previous, REPLICAS).some(
      ({ manager, operation, subresource }) =>
        operation === 'Apply' || (manager === 'helm' && subresource === ''),
    )
  );
}

/** Has the one who applied the field ceased to, and nobody else set it to the value that is the default too? */
function isDropped(previous: object, object: object): boolean {
  if (isApplied(previous) && lastApplied(object) && !isApplied(object)) return true;
  return (
    fieldManagers(previous, REPLICAS).some(({ operation }) => operation === 'Apply') &&
    managedFieldsOf(object) !== undefined &&
    fieldManagers(object, REPLICAS).length === 0
  );
}

function isApplied(object: object): boolean {
  return valueAt(lastApplied(object), REPLICAS) != null;
}
