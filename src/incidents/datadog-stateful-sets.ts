import { incident } from '../model/incident.ts';

export const datadogStatefulSets = incident({
  id: 'datadog-stateful-sets',
  title: 'StatefulSets that could not have their volumes, or their pods',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    "Datadog's list of footguns has a chapter on StatefulSets. Local volumes met disk errors of the cloud provider, and " +
    'new nodes with the name of an old one: the provisioner of local volumes calls each after a 32-bit hash of file, node ' +
    'name and class, so that the new volume bears the name of the old. The scheduler and EBS did not go together: a disk lies in ' +
    'one zone, and where it is made before the scheduler has chosen a node, the pod has to run where the disk is. And of the five ' +
    'pods of myapp only four were there: myapp-2 crash-looped, with ten restarts, and myapp-3, once lost, was not made ' +
    'again, since those before it were not all ready.',
  lessons: {
    localDataIsTheNodes: {
      id: 'L68',
      teaches: 'Data on a local volume is tied to the name of a node, and to the life of its disk.',
      inShort: 'disks under local volumes failed, and new nodes came up under the names of old ones.',
    },
    orderStopsAtTheFirst: {
      id: 'L67',
      teaches: 'A StatefulSet that keeps its order makes no pod after one that is broken.',
      inShort: 'while myapp-2 crash-looped myapp-3 was not made again: four of five pods were left.',
    },
    volumeFirstPodSecond: {
      id: 'L69',
      teaches:
        'A volume that is made before its pod is scheduled may lie in a zone where the pod cannot run.',
      inShort: 'EBS volumes and the scheduler, each deciding for itself, made it to a list of footguns.',
    },
  },
});
