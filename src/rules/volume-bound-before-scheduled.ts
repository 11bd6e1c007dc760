import type { V1StorageClass } from '@kubernetes/client-node';
import { datadogStatefulSets } from '../incidents/datadog-stateful-sets.ts';
import { StorageClass } from '../kubernetes/kinds.ts';
import { snippet } from '../kubernetes/snippet.ts';
import { rule } from '../model/rule.ts';

/** Their disks lie in one zone and can be attached to the nodes of no other. */
const ZONAL = [
  'cinder.csi.openstack.org',
  'disk.csi.azure.com',
  'ebs.csi.aws.com',
  'ebs.csi.eks.amazonaws.com',
  'kubernetes.io/aws-ebs',
  'kubernetes.io/azure-disk',
  'kubernetes.io/cinder',
  'kubernetes.io/gce-pd',
  'pd.csi.storage.gke.io',
];
const MODE = ['volumeBindingMode'];
const LATE = 'WaitForFirstConsumer';

export default rule({
  id: 'volume-bound-before-scheduled',
  title: 'Volumes are made in a zone before anybody knows where the pod can run',
  severity: 'warn',
  lessons: [datadogStatefulSets.lessons.volumeFirstPodSecond],
  why:
    'With volumeBindingMode Immediate, the default, a disk is made in some zone as soon as it is claimed. The pod must run ' +
    'where its disk is, and when there is no room or no node in that zone it stays Pending, however empty the others are.',
  unless: 'all nodes are in one zone',
  kinds: [StorageClass],
  *check({ object }) {
    const { provisioner, volumeBindingMode } = object;
    if (!ZONAL.includes(provisioner) || volumeBindingMode === LATE || isOfOneZone(object)) return;
    yield {
      path: MODE,
      what: `${provisioner} makes the disk in a zone ${volumeBindingMode == null ? '(volumeBindingMode is not set, so Immediate)' : `(volumeBindingMode: ${volumeBindingMode})`} before the scheduler has chosen a node`,
      fix: () =>
        `${snippet(MODE, LATE)}\nA StorageClass cannot be changed: delete the old one first, its volumes stay as they are`,
      edits: [{ op: 'set', path: MODE, value: LATE }],
    };
  },
});

/** Does the class itself say where its disks go, or are they of no zone, or of every one? */
function isOfOneZone({ allowedTopologies, parameters }: V1StorageClass): boolean {
  const { zone, availability, kind } = parameters ?? {};
  if ((zone ?? availability) !== undefined) return true;
  // Azure's unmanaged disks are blobs in a storage account.
  if (/^(shared|dedicated)$/i.test(kind ?? '')) return true;
  if (Object.entries(parameters ?? {}).some(([key, value]) => /^skuname$/i.test(key) && /_ZRS$/i.test(value)))
    return true;
  const zones = (allowedTopologies ?? []).flatMap(({ matchLabelExpressions }) =>
    (matchLabelExpressions ?? []).flatMap(({ values }) => values ?? []),
  );
  return zones.length === 1;
}
