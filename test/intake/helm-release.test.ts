import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Rollout, storedRelease } from '../../demo/stored-release.ts';
import { readHelmRelease, storesRelease } from '../../src/intake/helm-release.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { formatRef, refOf } from '../../src/model/subject.ts';
import { capture } from '../captures/capture.ts';

const MANIFEST = `---
# Source: shop/templates/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
---
# Source: shop/templates/role.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: web
`;

const install: Rollout = { name: 'shop', namespace: 'till', revision: 1, manifest: MANIFEST };

/** A Secret with this for the release, whatever it is. */
function secretWith(release: Buffer | string, labels: Record<string, string> = {}): KubeObject {
  const data = { release: Buffer.from(release).toString('base64') };
  const metadata = { name: 'sh.helm.release.v1.shop.v1', namespace: 'till', labels };
  return { apiVersion: 'v1', kind: 'Secret', type: 'helm.sh/release.v1', metadata, data };
}

function packed(json: unknown): string {
  return gzipSync(JSON.stringify(json)).toString('base64');
}

function because(stored: KubeObject): string | undefined {
  return readHelmRelease(stored)?.subject.unreadable;
}

describe('a Helm release', () => {
  for (const helm of [3, 4]) {
    for (const [what, operation] of [
      ['install', 'CREATE'],
      ['install-configmap', 'CREATE'],
      ['upgrade', 'UPDATE'],
      ['rollback', 'UPDATE'],
    ]) {
      it(`is read as a real Helm ${helm} stores it: ${what}`, () => {
        const { object } = capture(`helm-${helm}-${what}`).request;
        assert.ok(object && storesRelease(object));
        const release = readHelmRelease(object);
        assert.equal(release?.subject.unreadable, undefined);
        assert.equal(release?.subject.operation, operation);
        assert.equal(formatRef(refOf(release?.subject.object ?? {})), `Release releases-${helm}/shop`);
        const kinds = release?.members.map(({ object }) => object.kind);
        const namespace = what === 'upgrade' ? [] : ['Namespace'];
        assert.deepEqual(kinds, [...namespace, 'ConfigMap', 'PersistentVolumeClaim', 'Deployment']);
      });
    }
  }

  it('shows each object with its template and its line in the manifest', () => {
    const [web] = readHelmRelease(storedRelease(install))?.members ?? [];
    assert.equal(web?.origin?.template, 'shop/templates/web.yaml');
    assert.equal(web?.origin?.locate(['metadata', 'name']).line, 6);
  });

  it('puts what names no namespace into its own, as Helm does', () => {
    const [web, role] = readHelmRelease(storedRelease(install))?.members ?? [];
    assert.equal(web?.object.metadata?.namespace, 'till');
    assert.equal(role?.object.metadata?.namespace, undefined);
  });

  it('reviews its hooks, and does not count them as its own', () => {
    const hook = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
    const stored = storedRelease({ ...install, hooks: [{ path: 'shop/templates/ns.yaml', manifest: hook }] });
    const release = readHelmRelease(stored);
    assert.ok(release);
    assert.deepEqual(
      release.members.map(({ object, origin }) => [object.kind, origin?.template]),
      [
        ['Deployment', 'shop/templates/web.yaml'],
        ['ClusterRole', 'shop/templates/role.yaml'],
        ['Namespace', 'shop/templates/ns.yaml'],
      ],
    );
    assert.deepEqual(release.members.at(-1)?.origin?.locate(['metadata', 'name']), {
      line: 4,
      column: 3,
      length: 4,
    });
    assert.equal((release.subject.object.objects as unknown[]).length, 2);
  });

  it('is nothing to judge while it is only put on record', () => {
    for (const status of ['deployed', 'superseded', 'failed', 'uninstalling', 'unknown']) {
      const stored = secretWith(
        packed({ name: 'shop', namespace: 'till', info: { status }, manifest: MANIFEST }),
      );
      assert.equal(readHelmRelease(stored), undefined, status);
    }
    assert.equal(readHelmRelease(secretWith('nonsense', { status: 'deployed' })), undefined);
  });

  it('is found in its own two forms, and nowhere else', () => {
    const stored = storedRelease(install);
    assert.ok(storesRelease(stored));
    assert.ok(!storesRelease({ ...stored, type: 'Opaque' }));
    assert.ok(!storesRelease({ ...stored, kind: 'ConfigMap', metadata: { name: 'sh.helm.release.v1.x' } }));
    assert.ok(
      !storesRelease({ kind: 'ConfigMap', metadata: { name: 'settings', labels: { owner: 'helm' } } }),
    );
    assert.ok(!storesRelease(undefined));
  });

  describe('that cannot be read', () => {
    it('is known by its name, and why it cannot be read', () => {
      const stored = secretWith('nonsense', { name: 'shop', status: 'pending-upgrade' });
      const release = readHelmRelease(stored);
      assert.equal(formatRef(refOf(release?.subject.object ?? {})), 'Release till/shop');
      assert.deepEqual(release?.members, []);
      assert.equal(release?.subject.unreadable, 'the stored release is not what Helm writes');
    });

    const json = JSON.stringify({ name: 'shop', info: { status: 'pending-install' }, manifest: MANIFEST });
    const gzip = gzipSync(json);
    for (const [what, bytes, expected] of [
      ['cut off', gzip.subarray(0, gzip.length - 20), /is damaged/],
      ['packed twice', gzipSync(gzip), /is not what Helm writes/],
      ['packed, and followed by another', Buffer.concat([gzip, gzip]), /is not what Helm writes/],
      ['not packed, and no JSON', Buffer.from('hello'), /is not what Helm writes/],
      ['a list', Buffer.from('[]'), /is no JSON mapping/],
      ['a bomb', gzipSync(Buffer.alloc(200_000_000, ' ')), /is larger than 16 MiB when unpacked/],
      ['without a manifest', gzipSync(json.replace(/"manifest":".*"/, '"manifest":{}')), /has no manifest/],
      [
        'too long',
        gzipSync(JSON.stringify({ info: { status: 'pending-install' }, manifest: '#\n'.repeat(1_100_000) })),
        /manifest is larger than 2 MiB/,
      ],
      [
        'too long with its hooks',
        gzipSync(json.replace('{', `{"hooks":[{"manifest":"${'#'.repeat(2_100_000)}"}],`)),
        /manifest is larger than 2 MiB/,
      ],
      ['of too many hooks', gzipSync(json.replace('{', `{"hooks":[${'0,'.repeat(1000)}0],`)), /1000 hooks/],
      ['of too many values', gzipSync(`{"x":[${'{},'.repeat(1_000_000)}0]}`), /more than a million mappings/],
      [
        'in part',
        gzipSync(json.replace('kind: ClusterRole', 'kind: [')),
        /line \d+ of the release's manifest cannot be read: /,
      ],
    ] as const) {
      it(`is undecided, and quoted nowhere: ${what}`, () => {
        assert.match(because(secretWith(bytes.toString('base64'))) ?? '', expected);
      });
    }

    it('is undecided where a hook of it cannot be read', () => {
      const stored = storedRelease({
        ...install,
        hooks: [{ path: 'shop/templates/ns.yaml', manifest: 'kind: [' }],
      });
      assert.match(because(stored) ?? '', /^line 1 of a hook of the release cannot be read: /);
    });

    it('loses only the object that cannot be read', () => {
      const broken = MANIFEST.replace('kind: ClusterRole', 'kind: [');
      const release = readHelmRelease(storedRelease({ ...install, manifest: broken }));
      assert.deepEqual(
        release?.members.map(({ object }) => object.kind),
        ['Deployment'],
      );
    });

    it('never throws, whatever is in it', () => {
      const json = fc.json().map(text => Buffer.from(text));
      const payload = fc.object({
        key: fc.constantFrom('name', 'info', 'status', 'manifest', 'hooks', 'path'),
      });
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 500 }).map(array => Buffer.from(array)),
        json,
        json.map(text => gzipSync(text)),
        payload.map(value => gzipSync(JSON.stringify(value))),
        fc.nat(gzip.length).map(length => gzip.subarray(0, length)),
      );
      const labels = fc.dictionary(fc.constantFrom('name', 'status'), fc.string());
      fc.assert(
        fc.property(bytes, labels, (bytes, labels) => {
          for (const text of [bytes.toString('base64'), bytes]) readHelmRelease(secretWith(text, labels));
        }),
        { numRuns: 500 },
      );
      for (const data of [undefined, null, 1, [], { release: 1 }])
        readHelmRelease({ ...secretWith(''), data } as unknown as KubeObject);
    });
  });
});
