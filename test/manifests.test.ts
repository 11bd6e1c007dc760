import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1Container,
  V1Deployment,
  V1Namespace,
  V1NetworkPolicy,
  V1PodDisruptionBudget,
  V1ResourceQuota,
  V1Role,
  V1RoleBinding,
  V1Service,
  V1ServiceAccount,
  V2HorizontalPodAutoscaler,
} from '@kubernetes/client-node';
import { load, loadAll } from 'js-yaml';
import { reviewRevision } from '../src/cli/revision.ts';
import { readConfiguration } from '../src/intake/configuration.ts';
import { readSources } from '../src/intake/sources.ts';
import type { Kind } from '../src/kubernetes/kinds.ts';
import { parseQuantity } from '../src/kubernetes/quantity.ts';
import { defaultConfiguration } from '../src/model/configuration.ts';
import type { InputError } from '../src/model/report.ts';
import { rules } from '../src/rules/index.ts';
import { SECRET } from '../src/webhook/authority/authority-store.ts';
import { serviceNames } from '../src/webhook/authority/x509.ts';
import { DRAIN } from '../src/webhook/drain.ts';
import { liveKinds } from '../src/world/live-objects.ts';
import { watchesFor } from '../src/world/watch-plan.ts';
import { commands } from './printed.ts';

const BASE = join(import.meta.dirname, '../manifests/base');
const OVERLAYS = join(import.meta.dirname, '../manifests/overlays');

type Manifest = { kind: string; metadata: { name: string; namespace?: string } };

const files = readdirSync(BASE).filter(file => file !== 'kustomization.yaml');
const objects = files.flatMap(file => loadAll(readFileSync(join(BASE, file), 'utf8')) as Manifest[]);

/** The object of a kind, whose name has to be told where there are two. */
function only<T>(kind: string, name?: string): T {
  const [object, ...others] = objects.filter(
    one => one.kind === kind && (name === undefined || one.metadata.name === name),
  );
  assert.ok(object && others.length === 0, `one ${kind}`);
  return object as T;
}

function overlay<T>(file: string): T {
  return load(readFileSync(join(OVERLAYS, file), 'utf8')) as T;
}

describe('manifests', () => {
  const deployment = only<V1Deployment>('Deployment');
  const pod = deployment.spec?.template.spec;
  const container = pod?.containers[0] as V1Container;

  it('are all named by kustomize, in the order in which they are applied', () => {
    const kustomization = load(readFileSync(join(BASE, 'kustomization.yaml'), 'utf8'));
    const { resources } = kustomization as { resources: string[] };
    assert.deepEqual(resources, files.toSorted());
    for (const file of files) assert.match(file, /^\d\d-[a-z-]+\.yaml$/);
  });

  it('break none of our own rules', async () => {
    const errors: InputError[] = [];
    const sources = await Array.fromAsync(readSources([BASE], process.stdin, errors));
    const report = reviewRevision(sources, undefined, '2026-01-01', errors);
    const findings = [...report.reviews].flatMap(review => review.findings);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      findings.filter(({ waiver }) => !waiver).map(({ rule, what }) => `${rule.id}: ${what}`),
      [],
    );
    assert.equal(report.objects, objects.length + 1, 'the kustomization is read too');
  });

  it('break none in the overlays either', async () => {
    const errors: InputError[] = [];
    const sources = await Array.fromAsync(readSources([OVERLAYS], process.stdin, errors));
    const report = reviewRevision(sources, undefined, '2026-01-01', errors);
    assert.deepEqual(errors, []);
    assert.deepEqual(
      [...report.reviews].flatMap(review => review.findings),
      [],
    );
  });

  it('live in one namespace', () => {
    for (const { metadata } of objects) assert.ok([undefined, 'premortem'].includes(metadata.namespace));
  });

  it('configure nothing at first, in a file that can be read, and where the server looks for it', () => {
    const [[file, text] = ['', '']] = Object.entries(only<V1ConfigMap>('ConfigMap').data ?? {});
    assert.deepEqual(readConfiguration({ file, text }, rules), defaultConfiguration);
    const folder = container.volumeMounts?.find(({ name }) => name === 'config')?.mountPath;
    assert.deepEqual(container.args?.slice(-2), ['--config', join(folder ?? '', file)]);
  });

  describe('what runs', () => {
    it('has a memory request and limit in every container, and no CPU limit', () => {
      assert.equal(pod?.containers.length, 1);
      assert.equal(pod.initContainers, undefined);
      assert.ok(container.resources?.requests?.memory);
      assert.ok(container.resources.requests.cpu);
      assert.deepEqual(Object.keys(container.resources.limits ?? {}), ['memory']);
    });

    it('leaves 60 % of its memory limit to what is no JavaScript, and to the process for large bodies', () => {
      const heap = container.env?.find(({ name }) => name === 'NODE_OPTIONS')?.value;
      const mebibytes = Number(/--max-old-space-size=(\d+)/.exec(heap ?? '')?.[1]);
      const limit = Number(parseQuantity(container.resources?.limits?.memory ?? ''));
      assert.ok(mebibytes * 2 ** 20 <= 0.4 * limit);
    });

    it('is given more time to stop than draining takes', () => {
      assert.ok((pod?.terminationGracePeriodSeconds ?? 0) * 1000 > DRAIN.limitMs);
    });

    it('is probed over HTTP, never by a process', () => {
      for (const probe of [container.livenessProbe, container.readinessProbe]) {
        assert.ok(probe?.httpGet);
        assert.equal(probe.exec, undefined);
      }
      assert.equal(container.livenessProbe?.httpGet?.path, '/healthz');
      assert.equal(container.readinessProbe?.httpGet?.path, '/readyz');
      assert.equal(container.lifecycle, undefined);
    });

    it('may do nothing that it does not need to', () => {
      assert.equal(pod?.securityContext?.runAsNonRoot, true);
      assert.equal(pod.securityContext.runAsUser, 65532);
      assert.equal(pod.securityContext.seccompProfile?.type, 'RuntimeDefault');
      assert.deepEqual(container.securityContext, {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const mounted = pod.volumes?.map(({ configMap }) => configMap?.name);
      assert.deepEqual(mounted, ['premortem-config']);
      for (const { readOnly } of container.volumeMounts ?? []) assert.equal(readOnly, true);
    });

    it('is in no mesh, since the API server is in none', () => {
      const { labels, annotations } = deployment.spec?.template.metadata ?? {};
      assert.equal(labels?.['sidecar.istio.io/inject'], 'false');
      assert.equal(labels?.['istio.io/dataplane-mode'], 'none');
      assert.equal(labels?.['kuma.io/sidecar-injection'], 'disabled');
      assert.equal(annotations?.['linkerd.io/inject'], 'disabled');
    });

    it('may displace other pods, for which a quota in its namespace names its class', () => {
      assert.equal(pod?.priorityClassName, 'system-cluster-critical');
      assert.deepEqual(only<V1ResourceQuota>('ResourceQuota').spec?.scopeSelector?.matchExpressions, [
        { scopeName: 'PriorityClass', operator: 'In', values: [pod.priorityClassName] },
      ]);
    });

    it('keeps to the restricted Pod Security standard, which its namespace enforces', () => {
      const labels = only<V1Namespace>('Namespace').metadata?.labels;
      assert.equal(labels?.['pod-security.kubernetes.io/enforce'], 'restricted');
    });

    it('gets a token because it asks for one, and nothing else in its namespace does', () => {
      assert.equal(pod?.automountServiceAccountToken, true);
      assert.equal(only<V1ServiceAccount>('ServiceAccount').automountServiceAccountToken, false);
    });

    it('always leaves a replica to answer: in a rollout, in a node drain, in a lost zone', () => {
      assert.equal(deployment.spec?.replicas, 2);
      assert.deepEqual(deployment.spec.strategy?.rollingUpdate, { maxSurge: 1, maxUnavailable: 0 });
      assert.equal(only<V1PodDisruptionBudget>('PodDisruptionBudget').spec?.maxUnavailable, 1);
      const spread = pod?.topologySpreadConstraints?.map(({ topologyKey }) => topologyKey);
      assert.deepEqual(spread, ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
    });

    it('is scaled, where a load comes and goes, to no fewer than any overlay asks for, and within the quota', () => {
      const scaler = overlay<V2HorizontalPodAutoscaler>('autoscaling/horizontal-pod-autoscaler.yaml').spec;
      const failClosed = overlay<{ replicas: [{ count: number }] }>('fail-closed/kustomization.yaml');
      assert.ok((scaler?.minReplicas ?? 0) >= failClosed.replicas[0].count);
      assert.deepEqual(scaler?.scaleTargetRef, {
        apiVersion: deployment.apiVersion,
        kind: deployment.kind,
        name: deployment.metadata?.name,
      });
      const quota = Number(only<V1ResourceQuota>('ResourceQuota').spec?.hard?.pods);
      assert.ok(2 * (scaler?.maxReplicas ?? 0) <= quota, 'one rollout after another, each draining');
    });

    it('is one set of pods for the Service, the budget, the network policy and the spread', () => {
      const labels = deployment.spec?.selector.matchLabels;
      const selectors = [
        only<V1Service>('Service').spec?.selector,
        only<V1PodDisruptionBudget>('PodDisruptionBudget').spec?.selector?.matchLabels,
        only<V1NetworkPolicy>('NetworkPolicy').spec?.podSelector?.matchLabels,
        ...(pod?.topologySpreadConstraints?.map(({ labelSelector }) => labelSelector?.matchLabels) ?? []),
      ];
      for (const selector of selectors) assert.deepEqual(selector, labels);
      for (const [key, value] of Object.entries(labels ?? {})) {
        assert.equal(deployment.spec?.template.metadata?.labels?.[key], value);
      }
    });
  });

  it('are all taken away by the command of the page on operations, the webhook first', () => {
    const [command = ''] = commands('operations.md', 'Uninstall').split(/(?<!\\)\n/);
    const deleted = command.match(/\S+\/\S+/g) ?? [];
    const outside = objects.filter(({ metadata }) => metadata.namespace === undefined);
    assert.deepEqual(
      deleted.toSorted(),
      outside.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`).sort(),
    );
    assert.equal(deleted[0], 'validatingwebhookconfiguration/premortem');
  });

  it('allow the network what the webhook and its look-ups need, and no name service', () => {
    const policy = only<V1NetworkPolicy>('NetworkPolicy').spec;
    assert.deepEqual(policy?.policyTypes, ['Ingress', 'Egress']);
    const listening = container.ports?.map(({ containerPort }) => containerPort);
    assert.deepEqual(
      policy.ingress?.flatMap(({ ports }) => ports?.map(({ port }) => port)),
      listening,
    );
    assert.deepEqual(
      policy.egress?.flatMap(({ ports }) => ports?.map(({ port, protocol }) => `${protocol} ${port}`)),
      ['TCP 443', 'TCP 6443'],
    );
  });

  it('give the right to read what is watched and what is looked up, and no other right', () => {
    const needed = [
      ...watchesFor(rules).flatMap(({ kind }) => [right(kind, 'list'), right(kind, 'watch')]),
      ...liveKinds(rules).map(kind => right(kind, 'get')),
    ];
    const given = only<V1ClusterRole>('ClusterRole', 'premortem').rules?.flatMap(rule => {
      const { apiGroups = [], resources = [], verbs, ...others } = rule;
      assert.deepEqual(others, {});
      return apiGroups.flatMap(group =>
        resources.flatMap(resource => verbs.map(verb => right({ group, resource }, verb))),
      );
    });
    assert.deepEqual(given?.toSorted(), [...new Set(needed)].sort());
    assert.equal(pod?.serviceAccountName, 'premortem');
  });

  it('give the right to keep an authority of its own, and no other right to write', () => {
    assert.deepEqual(only<V1Role>('Role').rules, [
      { apiGroups: [''], resources: ['secrets'], resourceNames: [SECRET], verbs: ['get', 'update'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    ]);
    assert.deepEqual(only<V1ClusterRole>('ClusterRole', 'premortem-authority').rules, [
      {
        apiGroups: ['admissionregistration.k8s.io'],
        resources: ['validatingwebhookconfigurations'],
        resourceNames: [only<Manifest>('ValidatingWebhookConfiguration').metadata.name],
        verbs: ['get', 'patch'],
      },
    ]);
    assert.deepEqual(container.args?.slice(0, 2), ['serve', '--own-ca']);
  });

  it('bind its rights to its own service account, and to nobody else', () => {
    const bindings = [
      only<V1ClusterRoleBinding>('ClusterRoleBinding', 'premortem'),
      only<V1ClusterRoleBinding>('ClusterRoleBinding', 'premortem-authority'),
      only<V1RoleBinding>('RoleBinding'),
    ];
    for (const { roleRef, subjects, metadata } of bindings) {
      assert.equal(roleRef.name, metadata?.name);
      assert.deepEqual(subjects, [{ kind: 'ServiceAccount', name: 'premortem', namespace: 'premortem' }]);
    }
    assert.equal(objects.filter(({ kind }) => /Role/.test(kind)).length, 2 * bindings.length);
  });

  describe('of the overlays in which somebody else signs', () => {
    const read = (file: string) => loadAll(readFileSync(join(OVERLAYS, file), 'utf8'));
    const [deployed] = read('given-certificate/deployment.yaml') as V1Deployment[];
    const given = deployed?.spec?.template.spec;

    it('serve the certificate that is mounted, as a folder', () => {
      const [{ args = [], volumeMounts = [], name } = { name: '' }] = given?.containers ?? [];
      assert.equal(name, container.name);
      const files = ['tls.crt', 'tls.key'].map(file => `${volumeMounts[0]?.mountPath}/${file}`);
      const others = container.args?.slice(2) ?? [];
      assert.deepEqual(args, [
        'serve',
        '--tls-cert-file',
        files[0],
        '--tls-private-key-file',
        files[1],
        ...others,
      ]);
      assert.equal(volumeMounts[0]?.subPath, undefined);
      assert.deepEqual(
        given?.volumes?.map(({ secret }) => secret?.secretName),
        ['premortem-tls'],
      );
    });

    it('take away every right to write', () => {
      const deleted = read('given-certificate/rbac.yaml') as (Manifest & { $patch: string })[];
      const authority = objects.filter(({ metadata }) => metadata.name === 'premortem-authority');
      const names = (all: Manifest[]) => all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();
      assert.deepEqual(names(deleted), names(authority));
      for (const { $patch } of deleted) assert.equal($patch, 'delete');
    });

    it('have cert-manager sign for the names of the Service, and tell the API server', () => {
      const [configuration] = read('cert-manager/webhook.yaml') as V1Deployment[];
      assert.deepEqual(configuration?.metadata?.annotations, {
        'cert-manager.io/inject-ca-from': 'premortem/premortem',
      });
      const certificate = read('cert-manager/certificate.yaml').find(
        one => (one as Manifest).kind === 'Certificate' && (one as Manifest).metadata.name === 'premortem',
      ) as { spec: { dnsNames: string[]; secretName: string } };
      assert.deepEqual(certificate.spec.dnsNames, serviceNames('premortem'));
      assert.equal(certificate.spec.secretName, 'premortem-tls');
    });
  });
});

function right({ group, resource }: Pick<Kind, 'group' | 'resource'>, verb: string): string {
  return `${verb} ${[resource, group].filter(Boolean).join('.')}`;
}
