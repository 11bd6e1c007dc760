import { incident } from '../model/incident.ts';

export const zalandoKubeletMemory = incident({
  id: 'zalando-kubelet-out-of-memory',
  title: 'A kubelet took 9 GB, and the kernel killed everything on the node',
  who: 'Zalando',
  when: '2019',
  source: 'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, incident 7',
  story:
    "On 30 January a kubelet had used up some nine gigabytes, and the kernel's OOM killer then killed everything on " +
    'that node, containerd included; as somebody remarked, that did solve its memory problem. Kubelet 1.12.5 had ' +
    'brought a leak in the metrics of its reflectors (kubernetes#73587), and node after node failed that way until ' +
    'they were patched out.',
  lessons: {
    nodeDiesWhole: {
      id: 'L21',
      teaches: 'A node that keeps nothing back for kubelet and runtime dies as a whole when memory runs out.',
      inShort: 'a kubelet took 9 GB; the kernel killed everything on the node, containerd included.',
    },
    kubeletLeaks: {
      id: 'L21',
      teaches: 'A kubelet may leak memory itself.',
      inShort: 'kubelet 1.12.5 leaked memory until its node died.',
      beyondReach:
        'It was a fault of the program, which no manifest could have shown. What shows it is the resident ' +
        'memory of the kubelet itself, which a node exporter tells, with an alert long before the node is full.',
    },
  },
});
