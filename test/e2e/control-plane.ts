import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { makeCertificates } from '../../certs/authority.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { Background } from './background.ts';
import type { Binaries, HelmVersion } from './binaries.ts';
import { type Ran, run } from './command.ts';
import { apiServerFlags, controllerFlags, etcdFlags } from './flags.ts';
import { passed } from './outcome.ts';
import { freePorts } from './ports.ts';
import { until } from './until.ts';

/** `alice` is a person like any other, whom RBAC allows everything; `admin` was there before her. */
export type User = 'alice' | 'admin';

const CONTROLLERS = 'system:kube-controller-manager';
/** The service account that the manifests make. */
const PREMORTEM = 'system:serviceaccount:premortem:premortem';
/** Each with its group. */
const USERS = {
  alice: 'devs',
  admin: 'system:masters',
  [CONTROLLERS]: '',
  [PREMORTEM]: 'system:serviceaccounts',
};

const API_SERVER = 'kube-apiserver';

/** A real etcd, kube-apiserver and kube-controller-manager on loopback, in a folder of their own. */
export class ControlPlane {
  /** Where everything is that it writes, from its start on; commands run there. */
  folder = '';
  readonly hasControllers: boolean;
  readonly #binaries: string;
  readonly #helms: Binaries['helms'];
  readonly #running: Background[] = [];
  readonly #flags = new Map<string, readonly string[]>();

  constructor({ folder, hasControllers, helms }: Binaries) {
    this.#binaries = folder;
    this.hasControllers = hasControllers;
    this.#helms = helms;
  }

  /** Takes about 5 s. */
  async start(): Promise<void> {
    this.folder = mkdtempSync(join(tmpdir(), 'premortem-e2e-'));
    const [etcd = 0, peer = 0, api = 0, controllers = 0] = await freePorts(4);
    const { authority, serving, servingKey } = await makeCertificates(['localhost']);
    this.#write('api.pem', `${serving}\n`);
    this.#write('api-key.pem', servingKey);
    this.#write('accounts.pem', generateKeyPairSync('rsa', KEY).privateKey);
    this.#write('tokens.csv', tokens());
    this.#write('audit-policy.yaml', AUDIT_POLICY);
    this.#write('admission.yaml', ADMISSION);
    for (const user of Object.keys(USERS))
      this.#write(configOf(user), JSON.stringify(kubeconfig(user, api, authority)));

    this.#launch('etcd', etcdFlags(etcd, peer));
    this.#flags.set(API_SERVER, apiServerFlags(api, etcd));
    await this.startApiServer();
    await this.#authorize();
    if (!this.hasControllers) return;
    this.#launch('kube-controller-manager', controllerFlags(controllers, configOf(CONTROLLERS)));
  }

  /** Kills the API server and the controllers, as if their node had lost its power, and starts them again. */
  async restart(): Promise<void> {
    const killed = this.#running.splice(1);
    await Promise.all(killed.map(one => one.stop('SIGKILL')));
    for (const { name } of killed) {
      this.#launch(name, this.#flags.get(name) ?? []);
      await this.#readiness();
    }
  }

  /** The kubeconfig of premortem's own service account, with the rights that the manifests give it and no others. */
  get premortemConfig(): string {
    return configOf(PREMORTEM);
  }

  /** Ends all that it started; removes its folder, unless somebody wants to look into it. */
  async stop({ keep }: { keep: boolean }): Promise<void> {
    for (const one of this.#running.reverse()) await one.stop();
    if (!keep && this.folder !== '') rmSync(this.folder, { recursive: true, force: true });
  }

  /** Where it was before, with what etcd holds. */
  async startApiServer(): Promise<void> {
    this.#launch(API_SERVER, this.#flags.get(API_SERVER) ?? []);
    await this.#readiness();
  }

  /** As when its machine is lost. */
  async killApiServer(): Promise<void> {
    const at = this.#running.findIndex(({ name }) => name === API_SERVER);
    const [apiServer] = this.#running.splice(at, 1);
    await apiServer?.stop('SIGKILL');
  }

  /** What the programs said last. */
  lastWords(): string {
    return this.#running.map(one => one.lastWords()).join('\n\n');
  }

  kubectl(args: readonly string[], { stdin = '', as = 'alice' as User } = {}): Promise<Ran> {
    return run(join(this.#binaries, 'kubectl'), args, { stdin, ...this.#placeOf(as) });
  }

  /** The versions of Helm that there are. */
  get helmVersions(): HelmVersion[] {
    return [...this.#helms.keys()].sort();
  }

  /** As alice does. Helm keeps its releases in Secrets, unless it is told another driver. */
  helm(
    version: HelmVersion,
    args: readonly string[],
    driver: 'secret' | 'configmap' = 'secret',
  ): Promise<Ran> {
    const { cwd, env } = this.#placeOf('alice');
    return run(this.#helms.get(version) ?? 'helm', args, { cwd, env: { ...env, HELM_DRIVER: driver } });
  }

  /** As alice does: `kubectl apply` of one object. */
  apply(object: KubeObject, ...args: string[]): Promise<Ran> {
    return this.kubectl(['apply', ...args, '-f', '-'], { stdin: JSON.stringify(object) });
  }

  /** As alice does: `kubectl create` of one object, of which no trace but the object itself is left. */
  create(object: KubeObject, ...args: string[]): Promise<Ran> {
    return this.kubectl(['create', ...args, '-f', '-'], { stdin: JSON.stringify(object) });
  }

  /** The objects that there are, of one kind in one namespace. */
  async list(resource: string, namespace: string): Promise<KubeObject[]> {
    const json = passed(await this.kubectl(['get', resource, '-n', namespace, '-o', 'json']));
    return (JSON.parse(json) as { items: KubeObject[] }).items;
  }

  /** Types lines into a shell, as alice would. */
  shell(lines: string): Promise<Ran> {
    return run('sh', ['-ec', lines], this.#placeOf('alice'));
  }

  /** The annotations of the last request of a person for objects of one kind in one namespace. */
  audited(resource: string, namespace: string): Record<string, string> {
    const last = this.requests().findLast(
      ({ objectRef }) => objectRef?.resource === resource && objectRef.namespace === namespace,
    );
    return last?.annotations ?? {};
  }

  /** All that a person has asked to be changed, the oldest first. */
  requests(): AuditEvent[] {
    const lines = readFileSync(join(this.folder, 'audit.log'), 'utf8').trimEnd().split('\n');
    const events = lines.map(line => JSON.parse(line) as AuditEvent);
    return events.filter(({ user }) => user.username === 'alice');
  }

  #placeOf(user: User): { cwd: string; env: NodeJS.ProcessEnv } {
    return {
      cwd: this.folder,
      env: {
        HOME: this.folder,
        KUBECONFIG: join(this.folder, configOf(user)),
        PATH: [this.#binaries, process.env.PATH].join(delimiter),
      },
    };
  }

  #launch(program: string, flags: readonly string[]): void {
    this.#flags.set(program, flags);
    this.#running.push(new Background(program, join(this.#binaries, program), flags, this.folder));
  }

  async #readiness(): Promise<void> {
    await until('the API server is ready', 45, async () => {
      const ended = this.#running.find(one => !one.running);
      if (ended) throw new Error(`${ended.name} has ended`);
      const { code } = await this.kubectl(['get', '--raw=/readyz'], { as: 'admin' });
      return code === 0;
    });
  }

  async #authorize(): Promise<void> {
    const binding = ['create', 'clusterrolebinding', 'devs', '--clusterrole=cluster-admin', '--group=devs'];
    passed(await this.kubectl(binding, { as: 'admin' }));
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text, { mode: 0o600 });
  }
}

/** An event of the API server's audit log, as far as it is read here (k8s apiserver/pkg/apis/audit/v1/types.go). */
interface AuditEvent {
  verb: string;
  user: { username: string };
  objectRef?: { resource: string; namespace?: string };
  annotations?: Record<string, string>;
}

const KEY = {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
} as const;

const AUDIT_POLICY = `\
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
  - level: Metadata
    verbs: [create, update, patch, delete]
`;

/** As GKE does: outside kube-system this class needs a quota that names it. */
const ADMISSION = `\
apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
  - name: ResourceQuota
    configuration:
      apiVersion: apiserver.config.k8s.io/v1
      kind: ResourceQuotaConfiguration
      limitedResources:
        - resource: pods
          matchScopes: [{ scopeName: PriorityClass, operator: In, values: [system-cluster-critical] }]
`;

function configOf(user: string): string {
  return `${user.replaceAll(':', '-')}.kubeconfig`;
}

function tokenOf(user: string): string {
  return `token-of-${user.replaceAll(':', '-')}`;
}

function tokens(): string {
  const lines = Object.entries(USERS).map(([user, group]) => `${tokenOf(user)},${user},${user},${group}`);
  return `${lines.join('\n')}\n`;
}

function kubeconfig(user: string, port: number, authority: string): object {
  const cluster = {
    server: `https://localhost:${port}`,
    'certificate-authority-data': Buffer.from(authority).toString('base64'),
  };
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'e2e', cluster }],
    users: [{ name: user, user: { token: tokenOf(user) } }],
    contexts: [{ name: 'e2e', context: { cluster: 'e2e', user } }],
    'current-context': 'e2e',
  };
}
