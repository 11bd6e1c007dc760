import type { V1Service } from '@kubernetes/client-node';
import { datadogExternalConfig } from '../incidents/datadog-external-config.ts';
import { Service } from '../kubernetes/kinds.ts';
import {
  addressesOf,
  LOAD_BALANCER_PARTS,
  type RequestedAddress,
  requestedAddresses,
  shareAddress,
} from '../kubernetes/load-balancer.ts';
import { servicePorts } from '../kubernetes/service-ports.ts';
import { inCluster } from '../model/query.ts';
import { type Fault, rule } from '../model/rule.ts';
import { addressNeeds, type TakenAddress, takenAddresses } from '../model/taken-addresses.ts';

const LOAD_BALANCER = 'LoadBalancer';

export default rule({
  id: 'lb-port-conflict',
  title: 'A load balancer is given an address and port that somebody has already',
  severity: 'deny',
  lessons: [datadogExternalConfig.lessons.twoOwnersOfOnePort],
  why:
    'Whoever hands out load balancers takes the address that a Service names, and every node sends what goes there to the ' +
    'Service. Where somebody else has the address and the port, the traffic of one of the two ends at the other.',
  unless: 'the two Services are never there at the same time, or in networks that do not see each other',
  kinds: [Service],
  needs: {
    balancers: inCluster(Service, LOAD_BALANCER_PARTS, { 'spec.type': LOAD_BALANCER }),
    ...addressNeeds,
  },
  *check({ object, known }) {
    if (object.spec?.type !== LOAD_BALANCER) return;
    const requested = requestedAddresses(object);
    if (requested.length === 0) return;
    const taken = takenAddresses(known);
    const others = known.balancers.filter(other => !isSame(object, other) && !isGoing(other));
    const owners = Map.groupBy(
      others.flatMap(other => [...new Set(addressesOf(other))].map(address => ({ address, other }))),
      ({ address }) => address,
    );
    for (const one of requested) {
      const by = taken.get(one.address);
      if (by) yield takenFault(object, one, by);
      else for (const { other } of owners.get(one.address) ?? []) yield* sharedFault(object, one, other);
    }
  },
});

/**
 * Whoever announces an address takes all of it away, unless it is the one machine that has it: there the port alone
 * decides, and a cluster of one machine may well have no other address to give.
 */
function takenFault(object: V1Service, { address, path }: RequestedAddress, by: TakenAddress): Fault {
  const { whose, isApiServer, isOfOnlyNode, listening } = by;
  const ports = servicePorts(object);
  const isFree =
    isApiServer &&
    isOfOnlyNode &&
    !ports.some(({ port, protocol }) => protocol === 'TCP' && listening.has(port));
  return {
    path,
    what: `${address} is the address of ${whose}: the load balancer sends what goes there to this Service`,
    fix: () =>
      `name an address that is kept for load balancers, which ${address} is not, or leave ${path.at(-1)} out and have one handed out`,
    key: isFree ? `lb-address-of-the-node ${address}` : `lb-address-taken ${address}`,
    ...((!isApiServer || isFree) && { severity: 'warn' }),
  };
}

function* sharedFault(
  object: V1Service,
  { address, path }: RequestedAddress,
  other: V1Service,
): Generator<Fault> {
  if (shareAddress(object, other)) return;
  const theirs = servicePorts(other);
  const ports = servicePorts(object)
    .filter(({ port, protocol }) => theirs.some(their => their.port === port && their.protocol === protocol))
    .map(({ port }) => port);
  if (ports.length === 0) return;
  const numbers = [...new Set(ports)];
  const { name, namespace } = other.metadata ?? {};
  const owner = `Service ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  yield {
    path,
    what: `${address} is the load balancer of ${owner} too, and both have port${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}: what goes there reaches one of the two, and nothing says which`,
    fix: () =>
      `take another address or another port, or leave ${path.at(-1)} out and have an address handed out;\n` +
      'two Services can share an address as long as each port belongs to one of them',
    key: `lb-port-conflict ${address} ${ports.join()}`,
    severity: 'warn',
  };
}

/** Is it the Service itself? In files a namespace may be left out. */
function isSame({ metadata: one }: V1Service, { metadata: other }: V1Service): boolean {
  return (
    one?.name === other?.name && (one?.namespace ?? other?.namespace) === (other?.namespace ?? one?.namespace)
  );
}

function isGoing({ metadata }: V1Service): boolean {
  return metadata?.deletionTimestamp !== undefined;
}
