import { incident } from '../model/incident.ts';

export const zalandoEtcdctl = incident({
  id: 'zalando-etcdctl-del',
  title: 'One word too many for etcdctl del, and the cluster was down',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 4',
  story:
    'Somebody meant to delete the certificate signing requests of a cluster from etcd, and typed etcdctl del -r ' +
    '/registry-kube-1/certificatesigningrequest prefix. The help says del [options] <key> [range_end]: the word ' +
    'prefix was no option but the end of a range, and the cluster was down. The talk does not leave it at the hand ' +
    'that slipped: what was missing was a plan for disaster recovery, backups of etcd elsewhere, and somebody who ' +
    'watches that they are made.',
  lessons: {
    bulkDeletion: {
      id: 'L81',
      teaches: 'A command that deletes in bulk is one word away from deleting everything.',
      inShort: 'etcdctl del -r … prefix took the word prefix for the end of a range; the cluster was down.',
    },
    noRestoreNoRecovery: {
      id: 'L82',
      teaches: 'Without a backup that is watched, and a plan to restore it, a deleted cluster stays deleted.',
      inShort:
        'after etcdctl del had taken a cluster down: a recovery plan, etcd backed up to S3, snapshots monitored.',
      beyondReach:
        'What is missing cannot be seen in a change of something else, and a backup need not be an object of the cluster at ' +
        'all: a timer on the etcd hosts, a service of the cloud. And that it can be restored, only restoring it shows. Who ' +
        'runs etcd can see it, in the age and size of the last snapshot and in the last drill.',
    },
    nobodysFault: {
      id: 'L84',
      teaches: 'Do not stop at the hand that slipped: ask what the tool let happen, and what it said.',
      inShort:
        'etcdctl took a stray word for the end of a range and deleted all in between without a question.',
      beyondReach:
        'How a tool answers a slip is in the tool. premortem can only hold itself to it: a refusal blames nobody, names the ' +
        'place, what would happen and to whom it did, the fix and the way out; and what deletes a Namespace has to be ' +
        'confirmed by its name.',
    },
  },
});
