import { incident } from '../model/incident.ts';

export const datadogNetworking = incident({
  id: 'datadog-native-networking',
  title: 'IPVS was faster and cleaner, and some ways to a Service were gone',
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Datadog routed pods natively, with young plugins, and let kube-proxy use IPVS. Services could not be reached ' +
    'from the host, nor node ports over localhost, connections were not ended gracefully, and in 1.11 ' +
    'externalTrafficPolicy: Local no longer worked. Load balancers behaved differently with each cloud provider, and ' +
    "instances disappeared from the provider's list by their zone or state. Almost all was mended later, upstream. " +
    'The list that Zalando quotes for EKS, a year later, is of the same kind: as many pods on a node as it has ' +
    'addresses, a scheduler that does not know how many are left, a public endpoint of the API server, logs of ' +
    'Docker that are never rotated.',
  lessons: {
    theNetworkIsSoftware: {
      id: 'L78',
      teaches:
        'The network of a cluster, and its cloud, have faults of their own, which change with the version.',
      inShort:
        'with IPVS, services could not be reached from the host, and 1.11 broke externalTrafficPolicy: Local.',
      beyondReach:
        'The faults were in kube-proxy, in plugins and in the code of cloud providers: the same Service was right in 1.10 and ' +
        'broken in 1.11. How many addresses a node has, and who reaches its API server, is set in the cloud and not in ' +
        'the cluster. Who runs the network can see it, with a check that goes each way of traffic (pod, host, node port, ' +
        'load balancer) on a cluster with the next version, before the others get it.',
    },
  },
});
