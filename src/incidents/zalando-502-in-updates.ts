import { incident } from '../model/incident.ts';

export const zalandoShutdown = incident({
  id: 'zalando-502-in-updates',
  title: '502s in every cluster update',
  who: 'Zalando',
  when: '2019',
  source:
    'Henning Jacobs: Kubernetes Failure Stories, KubeCon Europe 2019, a million ways to crash your cluster',
  story:
    'Among the "million ways to crash your cluster" that Zalando lists are the 502s that customers saw while clusters were ' +
    'updated, and with them the graceful shutdown of Pods: endpoints and ingress learn of the end of a Pod later than ' +
    'the Pod itself, and go on sending requests to one that is gone.',
  lessons: {
    trafficComesLate: {
      id: 'L52',
      teaches: 'A Pod still gets requests after it was told to end, and needs time to answer them.',
      inShort:
        'Pods ended before endpoints and ingress had learnt of it; updates answered customers with 502s.',
    },
  },
});
