import { incident } from '../model/incident.ts';

export const datadogNodegroup = incident({
  id: 'datadog-nodegroup-controller',
  title: 'A safety check listed 30,000 pods for every node, and etcd gave way',
  who: 'Datadog',
  when: '2020',
  source: 'Laurent Bernaille: How the OOM-Killer Deleted my Namespace, KubeCon North America 2020',
  story:
    'API servers and etcd slowed down whenever a group of nodes was deleted. The audit log told who asked: within a week ' +
    'the list calls of the whole cluster took 7.05 days, 2.84 of them those of the nodegroup controller. Its new ' +
    'protection against deletion listed the nodes of the group, and then for each node all pods, 30,000, to see ' +
    'whether any ran there. Without a resourceVersion a list is read from etcd in full, whatever its filter, and kubectl ' +
    'get asks the same way. The lesson of the talk: avoid LIST, use informers.',
  lessons: {
    listInsteadOfWatch: {
      id: 'L24',
      teaches: 'A controller that lists instead of watching asks etcd for everything, again and again.',
      inShort:
        'a controller listed all 30,000 pods for each node of a group: 2.84 days of list calls in a week.',
    },
    kubectlGetIsAList: {
      id: 'L25',
      teaches: 'kubectl get reads everything from etcd, and in a loop it does so again and again.',
      inShort: 'lists without a resourceVersion, as kubectl get sends them, were read from etcd in full.',
    },
  },
});
