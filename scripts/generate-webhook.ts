/**
 * Writes manifests/base/90-webhook.yaml: which requests the API server sends to premortem, from the table of kinds.
 */
import { dump } from 'js-yaml';
import { builtInKinds, type Kind } from '../src/kubernetes/kinds.ts';
import { SYSTEM_NAMESPACES } from '../src/kubernetes/namespaces.ts';
import { MODE_LABEL, MODES } from '../src/model/verdict.ts';
import { generated } from './generated.ts';

const header = `\
# Written by scripts/generate-webhook.ts from the table of kinds: change these, then run npm run generate.
# There is no caBundle here, so that applying this file again keeps the one that premortem put in.
`;

/** What must work while premortem does not: the cluster itself, and premortem. */
const namespacesLeftAlone = [...SYSTEM_NAMESPACES, 'premortem'];
const notLeftAlone = {
  key: 'kubernetes.io/metadata.name',
  operator: 'NotIn',
  values: namespacesLeftAlone,
};

/**
 * Who keeps the cluster running only carries out what others wrote. `helm-…` in kube-system is such another: there
 * k3s and RKE2 run Helm (k3s-io/helm-controller, pkg/controllers/chart/chart.go).
 */
const notTheControlPlane = {
  name: 'not-the-control-plane',
  expression: [
    "!(request.userInfo.username == 'system:apiserver'",
    "  || request.userInfo.username.startsWith('system:kube-')",
    "  || request.userInfo.username.startsWith('system:node:')",
    "  || request.userInfo.username.startsWith('system:serviceaccount:kube-system:')",
    "    && !request.userInfo.username.startsWith('system:serviceaccount:kube-system:helm-'))",
  ].join('\n'),
};

/** A controller makes its objects from a template that was judged when a person wrote it. */
const notMadeByAController = {
  name: 'not-made-by-a-controller',
  expression: [
    'object == null || !has(object.metadata.ownerReferences)',
    '  || !object.metadata.ownerReferences.exists(owner, has(owner.controller) && owner.controller)',
  ].join('\n'),
};

/**
 * Of all Secrets and ConfigMaps only those in which Helm stores a release (helm pkg/storage/driver); no other Secret
 * ever leaves the API server.
 */
const aHelmRelease = {
  name: 'a-helm-release',
  expression: [
    "object.metadata.name.startsWith('sh.helm.release.v1.')",
    "  && (object.kind == 'ConfigMap' || has(object.type) && object.type == 'helm.sh/release.v1')",
  ].join('\n'),
};
const notAHelmRelease = {
  name: 'not-a-helm-release',
  expression: [
    "request.resource.resource != 'configmaps' || object == null || !has(object.metadata.labels)",
    "  || !('owner' in object.metadata.labels && object.metadata.labels['owner'] == 'helm')",
    "  || !object.metadata.name.startsWith('sh.helm.release.v1.')",
  ].join('\n'),
};

/** Webhooks are never asked about these (k8s.io/apiserver, IsExemptAdmissionConfigurationResource). */
function isExempt(kind: Kind): boolean {
  return kind.group === 'admissionregistration.k8s.io';
}

/** Namespaces choose their mode for themselves, by their own label. */
function isNamespace(kind: Kind): boolean {
  return kind.group === '' && kind.name === 'Namespace';
}

function mayStoreRelease(kind: Kind): boolean {
  return kind.group === '' && (kind.name === 'Secret' || kind.name === 'ConfigMap');
}

/** One rule for all kinds of the same group, versions and scope. */
function rulesFor(kinds: readonly Kind[], operations: string[]) {
  const alike = Map.groupBy(kinds, ({ group, versions, scope }) => JSON.stringify([group, versions, scope]));
  return [...alike].map(([, [first, ...others]]) => ({
    apiGroups: [first?.group],
    apiVersions: first?.versions,
    resources: [first, ...others].map(kind => kind?.resource),
    operations,
    scope: first?.scope,
  }));
}

/** What all entries have in common. */
function entry(name: string, path: string, selection: object) {
  return {
    name: `${name}.premortem.dev`,
    clientConfig: {
      service: { namespace: 'premortem', name: 'premortem', port: 443, path: `/validate/${path}` },
    },
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    failurePolicy: 'Ignore',
    timeoutSeconds: 3,
    matchPolicy: 'Equivalent',
    ...selection,
  };
}

const namespacedKinds = builtInKinds.filter(kind => kind.scope === 'Namespaced' && !kind.confidential);
const clusterKinds = builtInKinds.filter(
  kind => kind.scope === 'Cluster' && !isNamespace(kind) && !isExempt(kind),
);

const byMode = MODES.map(mode =>
  entry(mode, mode, {
    namespaceSelector: {
      matchExpressions: [{ key: MODE_LABEL, operator: 'In', values: [mode] }, notLeftAlone],
    },
    matchConditions: [notTheControlPlane, notMadeByAController, notAHelmRelease],
    rules: rulesFor(namespacedKinds, ['CREATE', 'UPDATE']),
  }),
);

// An objectSelector matches the old or the new object, so taking the label away is seen too; and any value of the
// label does, so that a misspelt mode is.
const namespaces = entry('namespaces', 'by-label', {
  objectSelector: { matchExpressions: [{ key: MODE_LABEL, operator: 'Exists' }, notLeftAlone] },
  matchConditions: [notTheControlPlane],
  rules: rulesFor(builtInKinds.filter(isNamespace), ['CREATE', 'UPDATE', 'DELETE']),
});

// Helm stores a release before it changes anything. Its mode is not only that of the namespace it is stored in.
const releases = entry('releases', 'by-label', {
  namespaceSelector: { matchExpressions: [notLeftAlone] },
  objectSelector: { matchLabels: { owner: 'helm' } },
  matchConditions: [aHelmRelease],
  rules: rulesFor(builtInKinds.filter(mayStoreRelease), ['CREATE']),
});

const cluster = entry('cluster', 'warn', {
  matchConditions: [notTheControlPlane, notMadeByAController],
  rules: rulesFor(clusterKinds, ['CREATE', 'UPDATE']),
});

const configuration = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: 'premortem', labels: { 'app.kubernetes.io/name': 'premortem' } },
  webhooks: [...byMode, releases, namespaces, cluster],
};
generated(
  'manifests/base/90-webhook.yaml',
  header + dump(configuration, { noRefs: true, quoteStyle: 'double' }),
);
