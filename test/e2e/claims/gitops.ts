import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/kubernetes/object.ts';
import type { Ran } from '../command.ts';
import type { ControlPlane } from '../control-plane.ts';
import { cronJob, deployment, namespace } from '../manifests.ts';
import { guarded } from '../namespaces.ts';
import { passed, refusalOf } from '../outcome.ts';
import { lives } from '../shop.ts';

const DELETION = 'namespace-delete-unconfirmed';

/** How a tool writes what stands in a repository, and as whom. */
interface Tool {
  name: string;
  account: { namespace: string; name: string };
  /** How it has kubectl apply an object. */
  apply: string[];
}

const argo: Tool = {
  name: 'Argo CD',
  account: { namespace: 'argocd', name: 'argocd-application-controller' },
  // Its client-side apply leaves the validation to the API server (argo-cd util/kube/resource_ops.go).
  apply: ['--validate=warn', '--field-manager=argocd-controller'],
};

const flux: Tool = {
  name: 'Flux',
  account: { namespace: 'flux-system', name: 'kustomize-controller' },
  // fluxcd/pkg ssa/manager_apply.go
  apply: ['--server-side', '--force-conflicts', '--field-manager=kustomize-controller'],
};

/** Neither Argo CD nor Flux is here: this sends what they send, none of which is a release. */
export function gitops(cluster: ControlPlane): void {
  for (const tool of [argo, flux]) describe(`what ${tool.name} does`, () => reconciliation(cluster, tool));

  describe('kubectl apply --prune', () => {
    it('does not take a Namespace away that has left the folder', async () => {
      const label = 'app.kubernetes.io/part-of=pruned';
      const prune = ['--prune', '-l', label, '--prune-allowlist=core/v1/Namespace'];
      const [first, second] = [labelled(label, 'pruned'), labelled(label, 'left')];
      passed(await cluster.apply(list(first, second), ...prune));
      refusalOfDeletion(await cluster.apply(second, ...prune), 'pruned');
      assert.equal(await lives(cluster, 'pruned'), true);
    });
  });
}

function reconciliation(cluster: ControlPlane, { account, apply }: Tool): void {
  const shop = `shop-of-${account.namespace}`;
  const groups = [
    'system:serviceaccounts',
    `system:serviceaccounts:${account.namespace}`,
    'system:authenticated',
  ];
  const user = `system:serviceaccount:${account.namespace}:${account.name}`;
  const as = [`--as=${user}`, ...groups.map(group => `--as-group=${group}`)];
  const write = (object: KubeObject) => cluster.apply(object, ...apply, ...as);

  before(async () => {
    const rights = ['clusterrolebinding', account.name, '--clusterrole=cluster-admin', `--user=${user}`];
    passed(await cluster.kubectl(['create', ...rights]));
    await guarded(cluster, shop, 'enforce');
  });

  it('is refused a bad Deployment', async () => {
    const refusal = refusalOf(await write(deployment(shop, 'web', { name: 'web', memory: false })));
    assert.equal(refusal.webhook, 'enforce.premortem.dev');
    assert.deepEqual(refusal.rules, ['memory-request-missing']);
  });

  it('may write a good one, and is refused the fault that a later commit brings', async () => {
    passed(await write(deployment(shop, 'web', { name: 'web' })));
    const refusal = refusalOf(await write(deployment(shop, 'web', { name: 'web', script: true })));
    assert.deepEqual(refusal.rules, ['probe-exec-without-init']);
  });

  it('does not get a field past, which Kubernetes would drop', async () => {
    const report = cronJob(shop, 'report', '0 3 * * *');
    const ran = await write({ ...report, concurrencyPolicy: 'Forbid' });
    if (apply.includes('--server-side')) assert.match(ran.stderr, /field not declared in schema/);
    else assert.ok(refusalOf(ran).rules.includes('field-misplaced'));
    assert.deepEqual(await cluster.list('cronjobs', shop), []);
  });

  it('is not stopped in pruning a Deployment', async () => {
    passed(await cluster.kubectl(['delete', 'deployment', 'web', '-n', shop, ...as]));
  });

  it('is refused to prune the Namespace', async () => {
    refusalOfDeletion(await cluster.kubectl(['delete', 'namespace', shop, ...as]), shop);
    assert.equal(await lives(cluster, shop), true);
  });
}

function refusalOfDeletion(ran: Ran, name: string): void {
  const refusal = refusalOf(ran);
  assert.equal(refusal.webhook, 'namespaces.premortem.dev');
  assert.equal(refusal.object, `Namespace ${name}`);
  assert.deepEqual(refusal.rules, [DELETION]);
}

function labelled(label: string, name: string): KubeObject {
  const [key = '', value = ''] = label.split('=');
  const enforced = namespace(name, 'enforce');
  const { metadata } = enforced;
  return { ...enforced, metadata: { ...metadata, labels: { ...metadata?.labels, [key]: value } } };
}

function list(...items: KubeObject[]): KubeObject {
  return { apiVersion: 'v1', kind: 'List', items };
}
