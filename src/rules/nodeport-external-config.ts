import { datadogExternalConfig } from '../incidents/datadog-external-config.ts';
import { Service } from '../kubernetes/kinds.ts';
import { own } from '../kubernetes/object.ts';
import { rule } from '../model/rule.ts';

export default rule({
  id: 'nodeport-external-config',
  title: 'A node port has to be kept in step with something outside the cluster',
  severity: 'note',
  lessons: [datadogExternalConfig.lessons.portsKeptByHand],
  why:
    'What sends traffic to a node port from outside, a load balancer or a firewall, holds its number and the addresses ' +
    'of the nodes, and nothing tells it when either changes. Traffic then ends nowhere, or in another Service.',
  unless: 'what is outside reads port and nodes from the API, or the Service is for tests alone',
  kinds: [Service],
  *check({ object }) {
    const { type, ports } = object.spec ?? {};
    // The cloud's controller keeps the node ports of a LoadBalancer in step.
    if (type !== 'NodePort' || !Array.isArray(ports)) return;
    const fixed = ports.map(port => own(port, 'nodePort')).filter(port => port != null);
    yield {
      path: ['spec', fixed.length > 0 ? 'ports' : 'type'],
      what:
        fixed.length > 0
          ? `type is NodePort: whatever sends to port ${fixed.join(', ')} of the nodes is configured by hand`
          : 'type is NodePort, without a nodePort: the number is drawn when the Service is made, and another when it is made again',
      fix: () =>
        'let a controller keep both sides in step: type: LoadBalancer, an Ingress or a Gateway; inside the cluster ClusterIP will do',
    };
  },
});
