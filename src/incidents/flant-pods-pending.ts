import { incident } from '../model/incident.ts';

export const flantPending = incident({
  id: 'flant-pods-pending',
  title: 'Pods stayed Pending while their containers ran',
  who: 'Flant',
  when: '2018',
  source: 'Flant: 6 entertaining system bugs in the operation of Kubernetes, story 6',
  story:
    'In clusters with very many pods most of them were shown as Pending for a long time, although their containers ran on ' +
    'the nodes and could be worked with. The kubelets did not get round to telling the API server: they were held to five ' +
    'requests a second, in bursts of ten, the defaults of that time. With --kube-api-qps=30, --kube-api-burst=40, ' +
    '--event-qps=30 and the like for the other limits the jam was gone.',
  lessons: {
    kubeletHeldBack: {
      id: 'L20',
      teaches: 'A kubelet that may send few requests tells the state of its pods late.',
      inShort: 'kubelets held to 5 requests a second left pods Pending whose containers ran.',
    },
  },
});
