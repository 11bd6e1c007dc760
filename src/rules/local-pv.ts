import type { V1PersistentVolume, V1StorageClass } from '@kubernetes/client-node';
import { datadogStatefulSets } from '../incidents/datadog-stateful-sets.ts';
import { PersistentVolume, StatefulSet, StorageClass } from '../kubernetes/kinds.ts';
import { amongFiles, type Siblings } from '../model/query.ts';
import { rule } from '../model/rule.ts';

/** Static volumes, which somebody makes beforehand: mostly the disks of a node, but a share can be one too. */
const STATIC = 'kubernetes.io/no-provisioner';
/** Provisioners that cut volumes out of the node's own disks. */
const LOCAL = [
  'local.csi.openebs.io',
  'openebs.io/local',
  'rancher.io/local-path',
  'topolvm.io',
  'zfs.csi.openebs.io',
];

export default rule({
  id: 'local-pv',
  title: "A StatefulSet's data lives on the disk of one node",
  severity: 'note',
  lessons: [datadogStatefulSets.lessons.localDataIsTheNodes],
  why:
    'A local volume is bound to the name of its node. When the disk or the node is lost the pod stays Pending until ' +
    'somebody deletes its claim; and a new node that gets the old name gets the old volumes too, whatever is on its disks.',
  unless:
    'the application keeps copies of the data on other nodes, and somebody knows how to give up one of them',
  kinds: [StatefulSet],
  needs: { classes: amongFiles([StorageClass]), volumes: amongFiles([PersistentVolume]) },
  *check({ object, known: { classes, volumes } }) {
    for (const [index, { metadata, spec }] of (object.spec?.volumeClaimTemplates ?? []).entries()) {
      const name = spec?.storageClassName;
      const local = name ? localStorage(name, classes, volumes) : undefined;
      if (local === undefined) continue;
      yield {
        key: `local-pv of ${metadata?.name}`,
        path: ['spec', 'volumeClaimTemplates', index, 'spec', 'storageClassName'],
        what: `claim "${metadata?.name}" is of StorageClass ${name}, whose volumes are disks of a node (${local}): a pod runs where its disk is, or nowhere`,
        fix: () =>
          'if the application keeps no copies itself, choose a class whose disks can follow a pod to another node;\n' +
          'if it does, write down how a lost node is given up, and its data with it:\n' +
          giveUp(
            `${metadata?.name}-${object.metadata?.name}-0`,
            `${object.metadata?.name}-0`,
            object.metadata?.namespace,
          ),
      };
    }
  },
});

function giveUp(claim: string, pod: string, namespace: string | undefined): string {
  const there = namespace === undefined ? '' : ` -n ${namespace}`;
  return `kubectl delete --wait=false${there} pvc ${claim} && kubectl delete${there} pod ${pod}    # 0 is an example`;
}

/** What makes the volumes of a class local, undefined where nothing does. */
function localStorage(
  name: string,
  classes: Siblings<V1StorageClass>,
  volumes: Siblings<V1PersistentVolume>,
): string | undefined {
  const ofClass = volumes.all.filter(({ spec }) => spec?.storageClassName === name);
  const local = ofClass.find(({ spec }) => spec?.local != null);
  if (local)
    return `PersistentVolume ${local.metadata?.name} has spec.local.path: ${local.spec?.local?.path}`;
  const provisioner = classes.all.find(({ metadata }) => metadata?.name === name)?.provisioner;
  if (provisioner === undefined) return undefined;
  const isLocal = provisioner === STATIC ? ofClass.length === 0 : LOCAL.includes(provisioner);
  return isLocal ? `provisioner: ${provisioner}` : undefined;
}
