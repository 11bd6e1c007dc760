import { datadogNamespace } from '../incidents/datadog-namespace-deleted.ts';
import { KEEP, RESOURCE_POLICY } from '../kubernetes/helm.ts';
import {
  CustomResourceDefinition,
  kindOf,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Service,
  StatefulSet,
} from '../kubernetes/kinds.ts';
import { annotation } from '../kubernetes/object.ts';
import { ownedByRelease } from '../model/query.ts';
import { holds, Release } from '../model/release.ts';
import { type Fault, rule } from '../model/rule.ts';
import { formatRef, type Identity, refOf } from '../model/subject.ts';

export default rule({
  id: 'release-drops-data',
  title: 'A release drops what holds data, and the upgrade deletes it',
  severity: 'deny',
  lessons: [datadogNamespace.lessons.everythingDroppedIsDeleted],
  why:
    'Helm deletes what the last revision held and the new one lacks. With a CustomResourceDefinition goes every object ' +
    'of its kind in the whole cluster, with a volume claim the data on its volume.',
  unless: 'the data is to go with this upgrade, or has gone elsewhere',
  kinds: [Release],
  operations: ['UPDATE'],
  needs: {
    namespaces: ownedByRelease(Namespace),
    definitions: ownedByRelease(CustomResourceDefinition),
    claims: ownedByRelease(PersistentVolumeClaim),
    volumes: ownedByRelease(PersistentVolume),
    statefulSets: ownedByRelease(StatefulSet),
    loadBalancers: ownedByRelease(Service, { 'spec.type': 'LoadBalancer' }),
  },
  *check({ object, known }) {
    const goes = (one: Identity) => !holds(object, one) && annotation(one, RESOURCE_POLICY) !== KEEP;
    // What goes with its Namespace is not worth a second word, nor could it be kept.
    const gone = new Set(known.namespaces.filter(goes).map(({ metadata }) => metadata?.name));
    const dropped = (owned: readonly Identity[]) =>
      owned.filter(one => goes(one) && !gone.has(one.metadata?.namespace));
    for (const one of dropped(known.definitions))
      yield faultOf(one, 'and every object of that kind in the cluster');
    for (const one of dropped(known.claims)) yield faultOf(one, 'and with it the data on its volume');
    for (const one of dropped(known.volumes)) yield faultOf(one, 'and its data is out of reach');
    for (const one of dropped(known.statefulSets))
      yield { ...faultOf(one, 'and its pods'), severity: 'warn' };
    for (const one of dropped(known.loadBalancers))
      yield { ...faultOf(one, 'and gives up its address'), severity: 'warn' };
  },
});

function faultOf(dropped: Identity, consequence: string): Fault {
  const ref = refOf(dropped);
  const where = ref.namespace === null ? '' : ` -n ${ref.namespace}`;
  return {
    path: ['metadata', 'name'],
    about: dropped,
    what: `the new revision no longer holds ${formatRef(ref)}, so rolling it out deletes it, ${consequence}`,
    fix: () =>
      `kubectl annotate --overwrite${where} ${kindOf(dropped)?.resource} ${ref.name} ${RESOURCE_POLICY}=${KEEP}` +
      '    # or put it back into the chart',
  };
}
