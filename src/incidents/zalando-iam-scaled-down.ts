import { incident } from '../model/incident.ts';

export const zalandoIam = incident({
  id: 'zalando-iam-scaled-down',
  title: 'The credentials provider was scaled down to save slack, and no deployment started any more',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 8',
  story:
    'Slack is what a workload requests and does not use, and Zalando was reducing it. The IAM provider, which makes the ' +
    'credentials that pods mount as secrets, was scaled down for that. At the same time there were more deployments ' +
    'than before. Its CPU was throttled, its queue of credentials grew, and new pods waited for secrets that were not ' +
    'there: MountVolume.SetUp failed, secret not found. All new deployments in the cluster failed. Later Zalando ' +
    'switched the throttling off altogether, with cpu-cfs-quota=false on the kubelets.',
  lessons: {
    slackWasHeadroom: {
      id: 'L59',
      teaches: 'What a workload does not use on a quiet day is what it lives off on a busy one.',
      inShort: 'an IAM provider was scaled down to save slack; no new pod got its credentials in time.',
    },
  },
});
