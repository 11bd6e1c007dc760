import { canonicalAddress } from './ip-address.ts';
import { annotation, own, valueAt } from './object.ts';

/** An address that a Service of type LoadBalancer asks for, and where it does. */
export interface RequestedAddress {
  address: string;
  path: readonly string[];
}

/** Annotations that ask for addresses, one or several with commas: of MetalLB, kube-vip, Cilium, Azure and AWS. */
const ASKING = [
  'metallb.io/loadBalancerIPs',
  'metallb.universe.tf/loadBalancerIPs',
  'kube-vip.io/loadbalancerIPs',
  'lbipam.cilium.io/ips',
  'io.cilium/lb-ipam-ips',
  'service.beta.kubernetes.io/azure-load-balancer-ipv4',
  'service.beta.kubernetes.io/azure-load-balancer-ipv6',
  'service.beta.kubernetes.io/aws-load-balancer-private-ipv4-addresses',
];

/** Annotations by which Services agree to share an address, if both have the same value. */
const SHARING = [
  'metallb.io/allow-shared-ip',
  'metallb.universe.tf/allow-shared-ip',
  'lbipam.cilium.io/sharing-key',
  'io.cilium/lb-ipam-sharing-key',
];

const REQUESTED = ['spec', 'loadBalancerIP'];
const GIVEN = ['status', 'loadBalancer', 'ingress'];

/** What has to be known of a Service for the functions below. */
export const LOAD_BALANCER_PARTS = [
  ...[...ASKING, ...SHARING].map(key => ['metadata', 'annotations', key]),
  REQUESTED,
  ['spec', 'ports'],
  GIVEN,
];

/** The addresses that a Service asks for, in their canonical form. */
export function requestedAddresses(service: { metadata?: unknown }): RequestedAddress[] {
  const asked = [
    { text: valueAt(service, REQUESTED), path: REQUESTED },
    ...ASKING.map(key => ({ text: annotation(service, key), path: ['metadata', 'annotations', key] })),
  ];
  return asked.flatMap(({ text, path }) => addressesIn(text).map(address => ({ address, path })));
}

/** Those that it asks for, and those that it was given. */
export function addressesOf(service: { metadata?: unknown }): string[] {
  const given = valueAt(service, GIVEN);
  return [
    ...requestedAddresses(service).map(({ address }) => address),
    ...(Array.isArray(given) ? given : []).flatMap(one => addressesIn(own(one, 'ip'))),
  ];
}

/** Have both agreed to share their address? */
export function shareAddress(one: { metadata?: unknown }, other: { metadata?: unknown }): boolean {
  return SHARING.some(key => {
    const agreed = annotation(one, key);
    return agreed !== undefined && agreed !== '' && agreed === annotation(other, key);
  });
}

/** Any address at all is written 0.0.0.0. */
function addressesIn(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  return text
    .split(/[\s,]+/)
    .map(canonicalAddress)
    .filter(address => address !== '' && address !== '0.0.0.0' && address !== '::');
}
