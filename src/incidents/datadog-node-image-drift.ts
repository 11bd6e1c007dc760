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
    'that. The change was innocent; what had changed under it was written nowhere. Nor did any message name it: the pods ' +
    'of the node looked fine, crictl info hung without a word, and all that the kubelet had to tell was a deadline ' +
    'exceeded, every two minutes, where a fault of the network plugin is usually reported as one.',
  lessons: {
    latestChangesUnderYou: {
      id: 'L14',
      teaches: 'What is built or run from the latest changes without anybody changing it.',
      inShort:
        'a node image took the latest Ubuntu, whose kernel had gone from 4.15 to 5.4; nodes went NotReady.',
    },
    nodesHaveAKernel: {
      id: 'L13',
      teaches:
        'A node is no abstract resource: an image that is built from the latest brings another kernel.',
      inShort:
        'the kernel of a node image went from 4.15 to 5.4 with an innocent change; nodes went NotReady.',
      beyondReach:
        'A node image is built outside the cluster (here by Packer), and no object says from what. The kernel shows only ' +
        'when a node has joined, in status.nodeInfo.kernelVersion, which the kubelet reports and nobody applies. The build ' +
        'of the image can pin its base; comparing nodeInfo before and after a roll-out shows what came along.',
    },
    oneHangsAllWait: {
      id: 'L15',
      teaches: 'One call that hangs while it holds a lock makes a whole node count as dead.',
      inShort:
        'a network plugin hung on deleting a pod; containerd waited for its lock, and the kubelet for containerd.',
      beyondReach:
        'The fault is in programs of the node and how they meet: a netlink library on kernels from 4.20, the CNI plugin built ' +
        'with it, a lock in containerd before 1.4. The same manifests run well on the next node. Whoever runs the nodes ' +
        'can see it, in the versions of kernel, plugin and runtime, and in a dump of goroutines that wait for the lock.',
    },
    errorsMislead: {
      id: 'L84',
      teaches: 'How long an outage lasts depends on what its messages say, and they can mislead.',
      inShort: 'a hanging network plugin showed as nothing but "container runtime is down" and a timeout.',
      beyondReach:
        'What a program says when it fails is in no manifest. premortem can only hold itself to it: each of its refusals ' +
        "names the place, what Kubernetes does there, whose outage it was, the fix with the reader's own values and the " +
        'way out, and says what it could not check. Tests hold every rule to that.',
    },
  },
});
