import { incident } from '../model/incident.ts';

export const flantSubPath = incident({
  id: 'flant-subpath-mounts',
  title: 'Mounts of single files stayed behind, and the kubelet paid for them in memory',
  who: 'Flant',
  when: '2018',
  source: 'Flant: 6 entertaining system bugs in the operation of Kubernetes, story 3',
  story:
    "On some nodes the kubelet used too much memory. The systemd of Ubuntu 16.04 kept the units of mounts that a pod's " +
    'subPath of a ConfigMap or Secret had made, long after the pod was gone, and they added up to a huge number. Ubuntu ' +
    '18.04 has it mended; before that Flant ran a DaemonSet on every node which cleaned up after systemd.',
  lessons: {
    subPathLeaks: {
      id: 'L18',
      teaches:
        'A file of a ConfigMap or Secret that is mounted by subPath is a mount of its own, and stays as it was.',
      inShort:
        'mounts by subPath of ConfigMaps and Secrets stayed behind, and cost the kubelet too much memory.',
    },
  },
});
