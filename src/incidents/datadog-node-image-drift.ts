import { incident } from '../model/incident.ts';

export const datadogImageDrift = incident({
  id: 'datadog-node-image-drift',
  title: 'The latest Ubuntu brought another kernel, and nodes went NotReady after days',
  who: 'Datadog',
  when: '2020',
  source: 'Laurent Bernaille: How the OOM-Killer Deleted my Namespace, KubeCon North America 2020',
  story:
    'A small change to the image of the nodes, which had nothing to do with kubelet or runtime, and after a few days nodes ' +
    'became NotReady: container runtime is down. The build took the latest Ubuntu 18.04, whose kernel had gone from ' +
    '4.15 to 5.4 in the meantime. From 4.20 on a call in the netlink library corrupted its stack, so the CNI plugin hung ' +
    'when a pod was deleted; it held a lock for which the status call of containerd waited, and the kubelet waited for ' +
    'that. The change was innocent; what had changed under it was written nowhere.',
  lessons: {
    latestChangesUnderYou: {
      id: 'L14',
      teaches: 'What is built or run from the latest changes without anybody changing it.',
      inShort:
        'a node image took the latest Ubuntu, whose kernel had gone from 4.15 to 5.4; nodes went NotReady.',
    },
  },
});
