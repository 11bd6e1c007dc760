import { datadogExternalConfig } from '../incidents/datadog-external-config.ts';
import { Service } from '../kubernetes/kinds.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'external-ips',
  title: 'A Service claims addresses that Kubernetes does not manage',
  severity: 'warn',
  lessons: [datadogExternalConfig.lessons.addressChangedHands],
  why:
    'Every node sends what goes to an address in externalIPs to this Service, whoever really has the address, and Kubernetes ' +
    'does not ask. When the address is given to a node, a load balancer or the API server, their traffic ends here.',
  unless: 'the addresses are routed to the nodes and reserved for this Service, as on bare metal',
  kinds: [Service],
  *check({ object }) {
    const addresses: unknown = object.spec?.externalIPs;
    if (!Array.isArray(addresses) || addresses.length === 0) return;
    yield {
      path: ['spec', 'externalIPs'],
      what: `every node takes what goes to ${addresses.join(', ')} for this Service, whoever has ${addresses.length === 1 ? 'that address' : 'those addresses'}`,
      fix: () =>
        'remove spec.externalIPs, and have a controller hand out the address and take it back:\n' +
        'type: LoadBalancer, on bare metal with MetalLB or kube-vip',
    };
  },
});
