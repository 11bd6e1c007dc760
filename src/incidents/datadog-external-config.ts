import { incident } from '../model/incident.ts';

export const datadogExternalConfig = incident({
  id: 'datadog-external-config',
  title: "A load balancer's address was given to a node, and a port broke the API servers",
  who: 'Datadog',
  when: '2018',
  source: 'Laurent Bernaille, Rob Boll: Kubernetes the Very Hard Way at Datadog, 2018',
  story:
    'Some Services of Datadog were tied to things outside the cluster by hand: node ports that load balancers were ' +
    'configured with, and external IPs. Nobody kept track. The address of a load balancer was assigned anew, to a node, ' +
    'while a Service still claimed it as its external IP; and on an internal load balancer two claimed port 443, which ' +
    'broke the API servers. Load balancers themselves run out: on AWS each of them takes a rule in the security group of ' +
    'the nodes, of which there could be 50, and a security group, of which there could be 500.',
  lessons: {
    addressChangedHands: {
      id: 'L74',
      teaches: 'An external IP of a Service takes its traffic away from whoever has that address.',
      inShort:
        "a load balancer's address went to a node while a Service still claimed it as its external IP.",
    },
    twoOwnersOfOnePort: {
      id: 'L75',
      teaches: 'One address and port of a load balancer can belong to one Service only.',
      inShort: 'on an internal load balancer two claimed port 443, which broke the API servers.',
    },
    loadBalancersRunOut: {
      id: 'L77',
      teaches:
        'Every Service of type LoadBalancer uses up quotas of the cloud, which the cluster does not know.',
      inShort: 'AWS allowed 50 rules in a security group and 500 groups; each load balancer takes of both.',
      beyondReach:
        'How many load balancers an account may have, and how many it has outside of the cluster, is told by no manifest.',
    },
    portsKeptByHand: {
      id: 'L76',
      teaches: 'A node port that something outside is configured with has to be kept in step by hand.',
      inShort:
        'node ports and external IPs were kept in step by hand; a clash on port 443 broke the API servers.',
    },
  },
});
