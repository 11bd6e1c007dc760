import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  V1LabelSelector,
  V1ValidatingWebhook,
  V1ValidatingWebhookConfiguration,
} from '@kubernetes/client-node';
import { load } from 'js-yaml';
import { builtInKinds, type Kind } from '../src/kubernetes/kinds.ts';
import { MODES } from '../src/model/verdict.ts';
import { ROUTES } from '../src/webhook/outcome.ts';

const MANIFESTS = join(import.meta.dirname, '../manifests');

function read<T>(file: string): T {
  return load(readFileSync(join(MANIFESTS, file), 'utf8')) as T;
}

const { webhooks = [] } = read<V1ValidatingWebhookConfiguration>('base/90-webhook.yaml');
const leftAlone = ['kube-system', 'kube-public', 'kube-node-lease', 'premortem'];

function entry(name: string): V1ValidatingWebhook {
  const found = webhooks.find(webhook => webhook.name === `${name}.premortem.dev`);
  assert.ok(found, `an entry for ${name}`);
  return found;
}

/** "batch/v1/jobs CREATE Namespaced", one line for each. */
function sent({ rules = [] }: V1ValidatingWebhook): string[] {
  return rules.flatMap(({ apiGroups = [], apiVersions = [], resources = [], operations = [], scope }) =>
    apiGroups.flatMap(group =>
      apiVersions.flatMap(version =>
        resources.flatMap(resource =>
          operations.map(operation => `${group}/${version}/${resource} ${operation} ${scope}`),
        ),
      ),
    ),
  );
}

function requestsFor(kinds: readonly Kind[], operations: string[]): string[] {
  return kinds.flatMap(({ group, versions, resource, scope }) =>
    versions.flatMap(version =>
      operations.map(operation => `${group}/${version}/${resource} ${operation} ${scope}`),
    ),
  );
}

function expressions(selector: V1LabelSelector | undefined): string[] {
  return (selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) =>
    [key, operator, ...values].join(' '),
  );
}

describe('the webhook configuration', () => {
  const excluded = `kubernetes.io/metadata.name NotIn ${leftAlone.join(' ')}`;

  it('names no entry but these', () => {
    const names = [...MODES, 'releases', 'namespaces', 'cluster'].map(name => `${name}.premortem.dev`);
    assert.deepEqual(
      webhooks.map(({ name }) => name),
      names,
    );
  });

  for (const mode of MODES) {
    it(`sends every namespaced kind that is not confidential, and no other, in ${mode}`, () => {
      const kinds = builtInKinds.filter(({ scope, confidential }) => scope === 'Namespaced' && !confidential);
      const { clientConfig, namespaceSelector, objectSelector } = entry(mode);
      assert.deepEqual(sent(entry(mode)).toSorted(), requestsFor(kinds, ['CREATE', 'UPDATE']).toSorted());
      assert.equal(clientConfig.service?.path, `/validate/${mode}`);
      assert.deepEqual(expressions(namespaceSelector), [`premortem.dev/mode In ${mode}`, excluded]);
      assert.equal(objectSelector, undefined);
    });
  }

  it('sends the deletion and every change of a Namespace that has opted in', () => {
    const { clientConfig, namespaceSelector, objectSelector } = entry('namespaces');
    assert.deepEqual(
      sent(entry('namespaces')),
      ['CREATE', 'UPDATE', 'DELETE'].map(operation => `/v1/namespaces ${operation} Cluster`),
    );
    assert.equal(clientConfig.service?.path, '/validate/by-label');
    // Only an objectSelector still matches when the label is taken away.
    assert.deepEqual(expressions(objectSelector), ['premortem.dev/mode Exists', excluded]);
    assert.equal(namespaceSelector, undefined);
  });

  it('sends what Helm stores before it rolls out a release, and no other Secret', () => {
    const releases = entry('releases');
    assert.deepEqual(sent(releases), ['/v1/configmaps CREATE Namespaced', '/v1/secrets CREATE Namespaced']);
    assert.equal(releases.clientConfig.service?.path, '/validate/by-label');
    assert.deepEqual(releases.objectSelector, { matchLabels: { owner: 'helm' } });
    assert.deepEqual(expressions(releases.namespaceSelector), [excluded]);
    const [condition] = releases.matchConditions ?? [];
    assert.match(condition?.expression ?? '', /object\.type == 'helm\.sh\/release\.v1'/);
  });

  it('only warns about what belongs to no namespace, and leaves out what no webhook is asked about', () => {
    const kinds = builtInKinds.filter(
      ({ scope, name, group }) =>
        scope === 'Cluster' && name !== 'Namespace' && group !== 'admissionregistration.k8s.io',
    );
    assert.deepEqual(sent(entry('cluster')).toSorted(), requestsFor(kinds, ['CREATE', 'UPDATE']).toSorted());
    assert.equal(entry('cluster').clientConfig.service?.path, '/validate/warn');
  });

  it('asks only for paths that are served', () => {
    for (const { clientConfig } of webhooks) {
      const { namespace, name, port, path } = clientConfig.service ?? {};
      assert.deepEqual({ namespace, name, port }, { namespace: 'premortem', name: 'premortem', port: 443 });
      assert.ok(ROUTES.some(route => path === `/validate/${route}`));
    }
  });

  it('sends no other secrets, no subresources, nothing by wildcard, and no object twice', () => {
    for (const webhook of webhooks) {
      const lines = sent(webhook);
      const secrets =
        webhook.name === 'releases.premortem.dev' ? [] : lines.filter(line => /secrets/.test(line));
      assert.deepEqual(secrets, []);
      for (const line of lines) assert.doesNotMatch(line, /\*|\/v\d\/[a-z]+\//);
      assert.equal(new Set(lines).size, lines.length);
    }
  });

  it('never holds up the API server for long, and lets through what it cannot ask about', () => {
    for (const { timeoutSeconds, failurePolicy, matchPolicy, sideEffects, ...rest } of webhooks) {
      assert.ok(timeoutSeconds && timeoutSeconds <= 3);
      assert.deepEqual([failurePolicy, matchPolicy, sideEffects], ['Ignore', 'Equivalent', 'None']);
      assert.deepEqual(rest.admissionReviewVersions, ['v1']);
    }
  });

  it('holds no caBundle, so that applying it again wipes none', () => {
    for (const { clientConfig } of webhooks) assert.deepEqual(Object.keys(clientConfig), ['service']);
  });

  it('leaves the control plane alone everywhere, and what a controller makes wherever it can be made', () => {
    const expected: Record<string, string[]> = {
      releases: ['a-helm-release'],
      namespaces: ['not-the-control-plane'],
      cluster: ['not-the-control-plane', 'not-made-by-a-controller'],
    };
    for (const mode of MODES)
      expected[mode] = ['not-the-control-plane', 'not-made-by-a-controller', 'not-a-helm-release'];
    for (const [name, conditions] of Object.entries(expected))
      assert.deepEqual(
        entry(name).matchConditions?.map(condition => condition.name),
        conditions,
        name,
      );
  });

  it('asks no condition about namespaceObject, which is always null there', () => {
    // k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions/matcher.go
    const conditions = webhooks.flatMap(({ matchConditions = [] }) => matchConditions);
    for (const { expression } of conditions) assert.doesNotMatch(expression, /namespaceObject/);
  });

  it('fails closed in the overlay, where it can refuse, with three replicas', () => {
    const patch = read<V1ValidatingWebhookConfiguration>('overlays/fail-closed/webhook.yaml');
    const kustomization = read<Record<string, unknown>>('overlays/fail-closed/kustomization.yaml');
    assert.deepEqual(patch.webhooks, [
      { name: 'enforce.premortem.dev', failurePolicy: 'Fail' },
      { name: 'namespaces.premortem.dev', failurePolicy: 'Fail' },
    ]);
    assert.deepEqual(kustomization.resources, ['../../base']);
    assert.deepEqual(kustomization.patches, [{ path: 'webhook.yaml' }]);
    assert.deepEqual(kustomization.replicas, [{ name: 'premortem', count: 3 }]);
  });
});
