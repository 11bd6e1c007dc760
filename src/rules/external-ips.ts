import type { V1Service } from '@kubernetes/client-node';
import { datadogExternalConfig } from '../incidents/datadog-external-config.ts';
import type { Edit } from '../kubernetes/edit.ts';
import { canonicalAddress } from '../kubernetes/ip-address.ts';
import { Service } from '../kubernetes/kinds.ts';
import { servicePorts } from '../kubernetes/service-ports.ts';
import { type Fault, rule } from '../model/rule.ts';
import { addressNeeds, type TakenAddress, takenAddresses } from '../model/taken-addresses.ts';

const ADDRESSES = ['spec', 'externalIPs'];

export default rule({
  id: 'external-ips',
  title: 'A Service claims addresses that Kubernetes does not manage',
  severity: 'deny',
  lessons: [datadogExternalConfig.lessons.addressChangedHands],
  why:
    'Every node sends what goes to an address in externalIPs to this Service, whoever really has the address, and Kubernetes ' +
    'does not ask. When the address is given to a node, a load balancer or the API server, their traffic ends here.',
  unless: 'the addresses are routed to the nodes and reserved for this Service, as on bare metal',
  kinds: [Service],
  needs: addressNeeds,
  *check({ object, known }) {
    const addresses: unknown = object.spec?.externalIPs;
    if (!Array.isArray(addresses) || addresses.length === 0) return;
    const taken = takenAddresses(known);
    const ownerOf = (address: unknown) => taken.get(canonicalAddress(String(address)));
    const others = addresses.filter(address => !ownerOf(address));
    const edits: Edit[] =
      others.length > 0
        ? [{ op: 'set', path: ADDRESSES, value: others }]
        : [{ op: 'remove', path: ADDRESSES }];
    for (const [index, address] of addresses.entries()) {
      const by = ownerOf(address);
      if (!by) continue;
      for (const fault of takenFaults(object, String(address), by))
        yield { ...fault, path: [...ADDRESSES, index], edits };
    }
    if (others.length === 0) return;
    yield {
      path: ADDRESSES,
      what: `every node sends what goes to ${others.join(', ')} to this Service, whoever has ${others.length === 1 ? 'that address' : 'those addresses'}`,
      fix: () => `remove spec.externalIPs, and ${HAND_OUT}`,
      severity: 'warn',
    };
  },
});

const HAND_OUT =
  'have a controller hand out an address, and take it back when the Service goes:\n' +
  'spec:\n  type: LoadBalancer    # on bare metal with MetalLB or kube-vip';

/**
 * Only what somebody listens for is taken away: the rules of kube-proxy are for an address and a port. Each port is a
 * fault of its own, so that one can be given up before the others.
 */
function* takenFaults(object: V1Service, address: string, by: TakenAddress): Generator<Omit<Fault, 'path'>> {
  const ports = servicePorts(object);
  const inUse = ports.filter(({ port, protocol }) => protocol === 'TCP' && by.listening.has(port));
  const fix = () => `take ${address} out of spec.externalIPs, and ${HAND_OUT}`;
  const sends = `${address} is the address of ${by.whose}: every node sends what goes to its`;
  for (const { port } of inUse) {
    const listener = by.listening.get(port);
    yield {
      what: `${sends} port ${port}${listener === by.whose ? '' : ` (${listener})`} to this Service instead`,
      fix,
      key: `external-ip-in-use ${canonicalAddress(address)}:${port}`,
    };
  }
  if (inUse.length > 0) return;
  yield {
    what: `${sends} ${inWords(ports.map(({ port }) => port))} to this Service`,
    fix,
    key: `external-ip-of-somebody ${canonicalAddress(address)}`,
    severity: 'warn',
  };
}

function inWords(ports: readonly number[]): string {
  const numbers = [...new Set(ports)];
  return numbers.length === 1 ? `port ${numbers[0]}` : `ports ${numbers.join(', ')}`;
}
