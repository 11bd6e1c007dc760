import { incident } from '../model/incident.ts';

export const flantCgroupChurn = incident({
  id: 'flant-cgroup-churn',
  title: 'Cron jobs left zombie cgroups, and the kubelet spent its CPU reading them',
  who: 'Flant',
  when: '2018',
  source: 'Flant: 6 entertaining system bugs in the operation of Kubernetes, story 2',
  story:
    'On servers that ran cron jobs the kubelet used more and more CPU, over a third of it on reading the memory ' +
    'statistics of cgroups. Every run makes new cgroups, and on that kernel the removed ones stayed as long as the page ' +
    'cache still held something of theirs: reading memory.stat took 1.2 seconds instead of 0.01. A kernel upgrade to ' +
    "4.16 ended it; the churn that fed it was the cron jobs'.",
  lessons: {
    cronsChurn: {
      id: 'L37',
      teaches: 'Frequent cron jobs churn pods and cgroups faster than a node tidies up.',
      inShort: 'cron jobs churned cgroups until reading memory.stat took 1.2 s instead of 0.01.',
    },
    removedCgroupsStay: {
      id: 'L17',
      teaches: 'On an old kernel removed cgroups stay, and everybody who reads statistics pays for them.',
      inShort: 'before Linux 4.16 removed cgroups stayed; the kubelet spent over a third of its CPU on them.',
      beyondReach:
        'Whether removed cgroups stay is decided by the kernel of the node, which no manifest chooses. The node can tell: ' +
        'time cat /sys/fs/cgroup/memory/memory.stat, and the CPU that its kubelet uses. What a manifest does add is the ' +
        'churn of frequent cron jobs; L37 sees to that.',
    },
  },
});
