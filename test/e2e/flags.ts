// Everything on loopback, and in the folder that they are started in.

export function etcdFlags(port: number, peerPort: number): string[] {
  const client = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    '--name=default',
    '--data-dir=etcd',
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
  ];
}

export function apiServerFlags(port: number, etcdPort: number): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--tls-cert-file=api.pem',
    '--tls-private-key-file=api-key.pem',
    '--token-auth-file=tokens.csv',
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/24',
    `--service-account-issuer=https://localhost:${port}`,
    '--service-account-key-file=accounts.pem',
    '--service-account-signing-key-file=accounts.pem',
    // It would make every Pod wait for the ServiceAccount of its namespace.
    '--disable-admission-plugins=ServiceAccount',
    // Nothing runs in this cluster that would look for the API server.
    '--endpoint-reconciler-type=none',
    '--admission-control-config-file=admission.yaml',
    '--audit-policy-file=audit-policy.yaml',
    '--audit-log-path=audit.log',
  ];
}

export function controllerFlags(port: number, kubeconfig: string): string[] {
  return [
    `--kubeconfig=${kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--cert-dir=controllers',
    '--leader-elect=false',
    // Each controller under a name of its own, as every real cluster has them.
    '--use-service-account-credentials=true',
    '--service-account-private-key-file=accounts.pem',
    // Otherwise a folder is made outside of this one.
    '--flex-volume-plugin-dir=flex',
  ];
}
