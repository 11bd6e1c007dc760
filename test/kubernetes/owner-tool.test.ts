import assert from 'node:assert/strict';
import { type OwnerTool, ownerTool } from '../../src/kubernetes/owner-tool.ts';

const HELM = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'till' };
const BY_HELM = { 'app.kubernetes.io/managed-by': 'Helm' };
const OF_FLUX = {
  'kustomize.toolkit.fluxcd.io/name': 'apps',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};

function ownerOf(labels: unknown, annotations: unknown): OwnerTool | undefined {
  return ownerTool({ metadata: { name: 'web', namespace: 'shop', labels, annotations } });
}

function tracked(id: unknown): OwnerTool | undefined {
  return ownerOf({}, { 'argocd.argoproj.io/tracking-id': id });
}

describe('the tool that owns an object', () => {
  it('is Helm where its label and its annotations say so', () => {
    assert.deepEqual(ownerOf(BY_HELM, HELM), { tool: 'Helm', name: 'shop', namespace: 'till' });
    assert.equal(ownerOf({}, HELM), undefined);
    assert.equal(ownerOf(BY_HELM, {}), undefined);
  });

  it('is Argo CD where the tracking id is that of the object', () => {
    const shop = { tool: 'Argo CD', name: 'shop', namespace: '' };
    assert.deepEqual(tracked('shop:apps/Deployment:shop/web'), shop);
    assert.deepEqual(tracked('till_shop:/Service:shop/web'), { ...shop, namespace: 'till' });
    for (const id of ['shop:apps/Deployment:shop/other', 'shop:apps/Deployment:till/web', 'shop', '', 5])
      assert.equal(tracked(id), undefined);
  });

  it('is Flux, unless that was told to leave the object alone', () => {
    const apps = { tool: 'Flux Kustomization', name: 'apps', namespace: 'flux-system' };
    assert.deepEqual(ownerOf(OF_FLUX, {}), apps);
    const ssa = 'kustomize.toolkit.fluxcd.io/ssa';
    assert.deepEqual(ownerOf(OF_FLUX, { [ssa]: 'Merge' }), apps);
    assert.equal(ownerOf(OF_FLUX, { [ssa]: 'IfNotPresent' }), undefined);
    assert.equal(ownerOf({ ...OF_FLUX, 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' }, {}), undefined);
  });

  it('has a name that may stand in a command', () => {
    for (const name of ['shop; rm -rf /', '$(id)', '-f', '', {}, null])
      assert.equal(ownerOf(BY_HELM, { ...HELM, 'meta.helm.sh/release-name': name }), undefined);
  });

  it('is nobody where the metadata are none', () => {
    for (const metadata of [undefined, null, 'text', []]) assert.equal(ownerTool({ metadata }), undefined);
  });
});
