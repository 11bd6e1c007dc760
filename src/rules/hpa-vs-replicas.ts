import { datadogReplicas } from '../incidents/datadog-replicas-reset.ts';
import { scales } from '../kubernetes/autoscaler.ts';
import {
  Deployment,
  HorizontalPodAutoscaler,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../kubernetes/kinds.ts';
import { lastApplied } from '../kubernetes/last-applied.ts';
import { fieldManagers } from '../kubernetes/managed-fields.ts';
import { valueAt } from '../kubernetes/object.ts';
import { inSameNamespace } from '../model/query.ts';
import { rule } from '../model/rule.ts';

const REPLICAS = ['spec', 'replicas'];
/** k8s pkg/apis/autoscaling/v2/defaults.go */
const DEFAULT_MIN_REPLICAS = 1;

export default rule({
  id: 'hpa-vs-replicas',
  title: 'A manifest and an autoscaler both set the number of replicas',
  severity: 'warn',
  lessons: [datadogReplicas.lessons.manifestOverridesAutoscaler],
  why:
    'Every apply puts the number in the manifest in place of what the autoscaler has found to be needed. Under load that ' +
    'stops pods that carry it, in the midst of a rollout, and the autoscaler has to begin again from there.',
  unless: 'the manifest is applied once and never again, and its number is where the autoscaler is to begin',
  kinds: [Deployment, StatefulSet, ReplicaSet, ReplicationController],
  needs: { autoscalers: inSameNamespace(HorizontalPodAutoscaler) },
  *check({ object, kind, known }) {
    const replicas = object.spec?.replicas;
    // An autoscaler leaves what is scaled to 0 alone (k8s pkg/controller/podautoscaler/horizontal.go).
    if (replicas == null || replicas === 0 || !isWritten(object)) return;
    for (const autoscaler of known.autoscalers) {
      const { metadata, spec } = autoscaler;
      if (!spec || !scales(autoscaler, object, kind)) continue;
      const least = spec.minReplicas ?? DEFAULT_MIN_REPLICAS;
      if (least === spec.maxReplicas) continue;
      const { name, namespace } = object.metadata ?? {};
      const target = `${namespace === undefined ? '' : `-n ${namespace} `}${object.kind?.toLowerCase()}/${name}`;
      yield {
        path: REPLICAS,
        what: `spec.replicas is ${replicas}, and HorizontalPodAutoscaler ${metadata?.name} scales between ${least} and ${spec.maxReplicas}: every apply goes back to ${replicas}`,
        fix: () =>
          'leave spec.replicas out; where it runs already, delete it from the record first,\n' +
          'since an apply that removes the field scales to 1:\n' +
          `kubectl apply edit-last-applied ${target}`,
      };
    }
  },
});

/** Is the number in the manifest? The API server fills it in where it is not; what tells then is the record. */
function isWritten(object: object): boolean {
  if (fieldManagers(object, REPLICAS).some(({ operation }) => operation === 'Apply')) return true;
  const record = lastApplied(object);
  if (record) return valueAt(record, REPLICAS) != null;
  const isStored = valueAt(object, ['metadata', 'uid']) !== undefined;
  return !isStored;
}
