import { incident } from '../model/incident.ts';

export const datadog200Deployments = incident({
  id: 'datadog-200-deployments',
  title: '200 Deployments at once were hard on the whole control plane',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'While Datadog scaled its clusters from 100 nodes to 1,000, it also tried what becomes of 200 Deployments that ' +
    'are created together. API servers, controllers, scheduler and etcd all suffered. The scheduler ran into its ' +
    'limit of requests a second, one of far too many settings; in the end it came down to the size of the API ' +
    'servers, and to traffic that was not spread evenly over them.',
  lessons: {
    muchAtOnce: {
      id: 'L27',
      teaches: 'One change that touches very many workloads is a load test of the control plane.',
      inShort: '200 Deployments created together were hard on API servers, controllers, scheduler and etcd.',
    },
  },
});
