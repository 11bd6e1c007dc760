import type { V1EndpointSlice, V1Node, V1Service } from '@kubernetes/client-node';
import { canonicalAddress } from '../kubernetes/ip-address.ts';
import { EndpointSlice, Node, Service } from '../kubernetes/kinds.ts';
import { EVERY, own, valueAt } from '../kubernetes/object.ts';
import { inCluster, inNamespace, type Known } from './query.ts';

/** The Service through which pods reach the API server, and whose endpoints the API servers write themselves. */
const API_SERVER = { namespace: 'default', name: 'kubernetes' };
const SERVICE_NAME = 'kubernetes.io/service-name';

/** What has to be known for {@link takenAddresses}. */
export const addressNeeds = {
  nodes: inCluster(Node, [['status', 'addresses']]),
  services: inNamespace(Service, API_SERVER.namespace, [
    ['spec', 'clusterIP'],
    ['spec', 'clusterIPs'],
    ['spec', 'ports'],
  ]),
  slices: inNamespace(EndpointSlice, API_SERVER.namespace, [
    ['metadata', 'labels', SERVICE_NAME],
    ['endpoints', EVERY, 'addresses'],
    ['ports'],
  ]),
};

/** An address that the cluster itself lives on. */
export interface TakenAddress {
  /** `Node worker-1`, `the API server`. */
  whose: string;
  isApiServer: boolean;
  /** Does all of the cluster run on the machine that has it, so that nobody else could announce it? */
  isOfOnlyNode: boolean;
  /** What listens there, by its TCP port. */
  listening: ReadonlyMap<number, string>;
}

/** On every Node: SSH, and k8s pkg/cluster/ports/ports.go. */
const OF_A_NODE: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [10250, 'the kubelet'],
]);
/** Beside an API server, whose own port is told by its endpoints (k8s cmd/kubeadm/app/constants/constants.go). */
const OF_A_CONTROL_PLANE: ReadonlyMap<number, string> = new Map([
  [2379, 'etcd'],
  [2380, 'etcd'],
]);

/** Whose the addresses are that the cluster itself lives on, by their canonical form; the API server's come first. */
export function takenAddresses(known: Known<typeof addressNeeds>): Map<string, TakenAddress> {
  const taken = new Map<string, TakenAddress>();
  const take = (address: unknown, by: TakenAddress) => {
    if (typeof address !== 'string' || address === '' || address === 'None') return;
    const canonical = canonicalAddress(address);
    if (!taken.has(canonical)) taken.set(canonical, by);
  };
  const servers = apiServers(known);
  const nodes = (known.nodes as V1Node[]).map(({ metadata, status }) => {
    const addresses = listOf(status?.addresses).map(address => own(address, 'address'));
    const here = servers.filter(({ address }) => addresses.includes(address));
    return { whose: `Node ${metadata?.name}`, addresses, listening: listeningBeside(here) };
  });
  const [first, ...others] = nodes;
  const isOfOnlyNode = (address: unknown) =>
    others.length === 0 && first?.addresses.includes(address) === true;
  for (const { address, listening } of servers) {
    const node = nodes.find(({ addresses }) => addresses.includes(address));
    take(address, {
      whose: 'the API server',
      isApiServer: true,
      isOfOnlyNode: isOfOnlyNode(address),
      listening: node?.listening ?? listening,
    });
  }
  for (const { whose, addresses, listening } of nodes)
    for (const address of addresses)
      take(address, { whose, isApiServer: false, isOfOnlyNode: isOfOnlyNode(address), listening });
  return taken;
}

/** What listens on a Node, beside the API servers that have addresses of it. */
function listeningBeside(servers: readonly Server[]): ReadonlyMap<number, string> {
  if (servers.length === 0) return OF_A_NODE;
  return new Map([
    ...OF_A_NODE,
    ...OF_A_CONTROL_PLANE,
    ...servers.flatMap(({ listening }) => [...listening]),
  ]);
}

/** An API server, or the Service in front of all of them. */
interface Server {
  address: unknown;
  listening: ReadonlyMap<number, string>;
}

function apiServers({ services, slices }: Known<typeof addressNeeds>): Server[] {
  const service = (services as V1Service[]).find(({ metadata }) => metadata?.name === API_SERVER.name)?.spec;
  const inside = [service?.clusterIP, ...listOf(service?.clusterIPs)].map(address => ({
    address,
    listening: apiPorts(service),
  }));
  const written = (slices as V1EndpointSlice[]).filter(
    slice => valueAt(slice, ['metadata', 'labels', SERVICE_NAME]) === API_SERVER.name,
  );
  const outside = written.flatMap(slice =>
    listOf(slice.endpoints)
      .flatMap(endpoint => listOf(valueAt(endpoint, ['addresses'])))
      .map(address => ({ address, listening: apiPorts(slice) })),
  );
  return [...inside, ...outside].filter(({ address }) => typeof address === 'string');
}

function apiPorts(holder: { ports?: unknown } | undefined): ReadonlyMap<number, string> {
  const ports = listOf(holder?.ports).map(port => own(port, 'port'));
  return new Map(ports.filter(port => typeof port === 'number').map(port => [port, 'the API server']));
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
