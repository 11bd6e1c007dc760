import { incident } from '../model/incident.ts';

export const zalandoEtcdctl = incident({
  id: 'zalando-etcdctl-del',
  title: 'One word too many for etcdctl del, and the cluster was down',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 4',
  story:
    'Somebody meant to delete the certificate signing requests of a cluster from etcd, and typed etcdctl del -r ' +
    '/registry-kube-1/certificatesigningrequest prefix. The help says del [options] <key> [range_end]: the word prefix ' +
    'was no option but the end of a range, and the cluster was down. Human error is never the root cause, said the talk; ' +
    'what was missing was a plan for disaster recovery, backups of etcd elsewhere, and somebody who watches that they are made.',
  lessons: {
    bulkDeletion: {
      id: 'L81',
      teaches: 'A command that deletes in bulk is one word away from deleting everything.',
      inShort: 'etcdctl del -r … prefix took the word prefix for the end of a range; the cluster was down.',
    },
  },
});
