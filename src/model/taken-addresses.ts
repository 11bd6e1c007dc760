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
  /** What listens there, by its TCP port. */
  listening: ReadonlyMap<number, string>;
}

/** k8s pkg/cluster/ports/ports.go, cmd/kubeadm/app/constants/constants.go; and SSH. */
const OF_A_NODE: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [2379, 'etcd'],
  [2380, 'etcd'],
  [6443, 'the API server'],
  [10250, 'the kubelet'],
]);

/** Whose the addresses are that the cluster itself lives on, by their canonical form; the API server's come first. */
export function takenAddresses(known: Known<typeof addressNeeds>): Map<string, TakenAddress> {
  const taken = new Map<string, TakenAddress>();
  const take = (address: unknown, by: TakenAddress) => {
    if (typeof address !== 'string' || address === '' || address === 'None') return;
    const canonical = canonicalAddress(address);
    if (!taken.has(canonical)) taken.set(canonical, by);
  };
  for (const { address, ports } of apiServers(known)) {
    const listening = new Map(ports.map(port => [port, 'the API server']));
    take(address, { whose: 'the API server', isApiServer: true, listening });
  }
  for (const { metadata, status } of known.nodes as V1Node[])
    for (const address of listOf(status?.addresses))
      take(own(address, 'address'), {
        whose: `Node ${metadata?.name}`,
        isApiServer: false,
        listening: OF_A_NODE,
      });
  return taken;
}

function apiServers({ services, slices }: Known<typeof addressNeeds>) {
  const service = (services as V1Service[]).find(({ metadata }) => metadata?.name === API_SERVER.name)?.spec;
  const inside = [service?.clusterIP, ...listOf(service?.clusterIPs)].map(address => ({
    address,
    ports: portsOf(service),
  }));
  const own = (slices as V1EndpointSlice[]).filter(
    slice => valueAt(slice, ['metadata', 'labels', SERVICE_NAME]) === API_SERVER.name,
  );
  const outside = own.flatMap(slice =>
    listOf(slice.endpoints)
      .flatMap(endpoint => listOf(valueAt(endpoint, ['addresses'])))
      .map(address => ({ address, ports: portsOf(slice) })),
  );
  return [...inside, ...outside];
}

function portsOf(holder: { ports?: unknown } | undefined): number[] {
  return listOf(holder?.ports).flatMap(port => {
    const number = own(port, 'port');
    return typeof number === 'number' ? [number] : [];
  });
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
