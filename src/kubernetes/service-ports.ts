import { own } from './object.ts';

/** A port on which a Service takes what comes, and of which protocol: `TCP`, `UDP`, `SCTP`. */
export interface ServicePort {
  port: number;
  protocol: string;
}

/** The ports of a Service, with the protocol that Kubernetes fills in (k8s pkg/apis/core/v1/defaults.go). */
export function servicePorts({ spec }: { spec?: unknown }): ServicePort[] {
  const ports = own(spec, 'ports');
  if (!Array.isArray(ports)) return [];
  return ports.flatMap(one => {
    const [port, protocol] = [own(one, 'port'), own(one, 'protocol')];
    return typeof port === 'number' ? [{ port, protocol: String(protocol ?? 'TCP') }] : [];
  });
}
