import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { KubeObject } from '../../../src/kubernetes/object.ts';
import { bundlesOf, type WebhookConfiguration } from '../../../src/webhook/authority/bundle.ts';
import { readKeyring } from '../../../src/webhook/authority/keyring.ts';
import type { ControlPlane } from '../control-plane.ts';
import { deployment } from '../manifests.ts';
import { guarded } from '../namespaces.ts';
import { isRefused, passed, refusalOf } from '../outcome.ts';
import { installOwnCa, OwnCaReplica } from '../own-ca.ts';
import { applyOwnObjects } from '../shipped.ts';
import { until } from '../until.ts';
import { FAILED_OPEN, samples } from './traffic.ts';

const MANIFESTS = join(import.meta.dirname, '../../../manifests');
const NAMESPACE = 'own-ca';
const CONFIGURATION = 'validatingwebhookconfiguration/premortem';
const ACCOUNT = 'system:serviceaccount:premortem:premortem';
/** The longest that a caBundle may stay wiped, in seconds. */
const REPAIR_S = 11;

/** Nothing else called premortem may run meanwhile. Gives what the replicas said last. */
export function ownCa(cluster: ControlPlane): () => string {
  const replicas: OwnCaReplica[] = [];
  const start = async (name: string) => {
    const replica = await OwnCaReplica.start(name, cluster);
    replicas.push(replica);
    return replica;
  };

  async function live(): Promise<WebhookConfiguration> {
    return JSON.parse(passed(await cluster.kubectl(['get', CONFIGURATION, '-o', 'json'])));
  }

  async function authority(): Promise<X509Certificate> {
    const get = ['get', 'secret', 'premortem-ca', '-n', 'premortem', '-o', 'json'];
    return new X509Certificate(readKeyring(JSON.parse(passed(await cluster.kubectl(get)))).current.cert);
  }

  const bad = deployment(NAMESPACE, 'web', { name: 'web', script: true });
  const refused = async () => isRefused(await cluster.apply(bad, '--dry-run=server'));

  async function putRight(): Promise<void> {
    const pem = (await authority()).toString().trim();
    await until('every caBundle is right', REPAIR_S, async () =>
      bundlesOf(await live()).every(bundle => bundle.includes(pem)),
    );
    await until('the API server goes by it', 20, refused);
  }

  describe('with an authority of its own', () => {
    let first: OwnCaReplica;

    before(async () => {
      passed(await cluster.kubectl(['delete', CONFIGURATION, '--ignore-not-found']));
      passed(
        await cluster.kubectl(['delete', 'service', 'premortem', '-n', 'premortem', '--ignore-not-found']),
      );
      first = await start('own-ca-1');
    });
    after(async () => {
      for (const replica of replicas) await replica.stop();
    });

    it('premortem waits for what it is installed by, and says so', async () => {
      const said = await until('it says what is missing', 40, async () => {
        const { text = '' } = (await first.readiness()) ?? {};
        return text.startsWith('premortem may not get') || text.startsWith('there is no') ? text : undefined;
      });
      assert.match(said, /premortem-ca|ValidatingWebhookConfiguration premortem$/);
    });

    it('is ready soon after, and the API server calls it by the name of the Service', async () => {
      await applyOwnObjects(cluster);
      await installOwnCa(cluster, first.port);
      await first.ready();
      await guarded(cluster, NAMESPACE, 'enforce');
      const { webhook } = refusalOf(await cluster.apply(bad));
      assert.equal(webhook, 'enforce.premortem.dev');
    });

    it('a second replica is ready within seconds, with the same authority', async () => {
      const second = await start('own-ca-2');
      await second.ready();
      const signedBy = (await authority()).publicKey;
      const certificates = await Promise.all(replicas.map(replica => replica.certificate()));
      for (const certificate of certificates) {
        assert.ok(certificate.verify(signedBy));
        assert.ok(certificate.checkHost('premortem.premortem.svc'));
      }
      assert.notEqual(certificates[0]?.fingerprint256, certificates[1]?.fingerprint256);
    });

    it('an apply of the manifests keeps caBundle, whichever side does it', async () => {
      const before = bundlesOf(await live());
      await installOwnCa(cluster, first.port);
      await installOwnCa(cluster, first.port, '--server-side', '--force-conflicts');
      assert.deepEqual(bundlesOf(await live()), before);
      const get = ['get', CONFIGURATION, '-o', 'json', '--show-managed-fields'];
      const { metadata } = JSON.parse(passed(await cluster.kubectl(get))) as KubeObject;
      const managers = metadata?.managedFields as { manager: string }[] | undefined;
      const ours = managers?.filter(({ manager }) => manager === 'premortem');
      assert.match(JSON.stringify(ours), /f:caBundle/);
      assert.doesNotMatch(JSON.stringify(ours), /f:rules|f:service|f:failurePolicy/);
    });

    const wipes: Record<string, object[]> = {
      wiped: [0, 1, 2].map(index => ({ op: 'remove', path: `/webhooks/${index}/clientConfig/caBundle` })),
      garbled: [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: 'Z2FyYmxlZA==' }],
    };
    for (const [what, patch] of Object.entries(wipes)) {
      it(`a caBundle that is ${what} is put right within ${REPAIR_S} s, and calls work again`, async () => {
        const sum = async () =>
          (await Promise.all(replicas.map(one => one.metric('premortem_ca_bundle_repairs_total')))).reduce(
            (a, b) => a + b,
          );
        const repairs = await sum();
        passed(
          await cluster.kubectl(['patch', CONFIGURATION, '--type=json', `--patch=${JSON.stringify(patch)}`]),
        );
        await putRight();
        assert.equal(await sum(), repairs + 1);
        for (const replica of replicas) assert.ok((await replica.readiness())?.isReady);
      });
    }

    it('a new authority takes over when the Secret is deleted, and no call is lost', async () => {
      const [former, failures] = [await authority(), await samples(cluster, FAILED_OPEN)];
      passed(await cluster.kubectl(['delete', 'secret', 'premortem-ca', '-n', 'premortem']));
      await until('there is another', 20, async () => {
        const get = ['get', 'secret', 'premortem-ca', '-n', 'premortem'];
        assert.ok(await refused());
        return (await cluster.kubectl(get)).code === 0;
      });
      assert.notEqual((await authority()).fingerprint256, former.fingerprint256);
      await putRight();
      const third = await start('own-ca-3');
      await third.ready();
      assert.ok((await third.certificate()).verify((await authority()).publicKey));
      assert.ok(await refused());
      assert.deepEqual(await samples(cluster, FAILED_OPEN), failures);
    });

    it('a Secret that cannot be used is left alone, and said to be', async () => {
      const patch = JSON.stringify({ data: { 'ca.key': Buffer.from('x').toString('base64') } });
      passed(
        await cluster.kubectl(['patch', 'secret', 'premortem-ca', '-n', 'premortem', `--patch=${patch}`]),
      );
      await until('it is noticed', 20, async () =>
        first.log.includes('its ca.key holds no private key in PEM'),
      );
      assert.ok((await first.readiness())?.isReady);
      const fourth = await start('own-ca-4');
      await until('the new one tells', 40, async () =>
        (await fourth.readiness())?.text.includes('its ca.key holds no private key in PEM'),
      );
      await fourth.stop();
      passed(await cluster.kubectl(['delete', 'secret', 'premortem-ca', '-n', 'premortem']));
      await until('there is a good one', 20, async () => {
        const { code } = await cluster.kubectl(['get', 'secret', 'premortem-ca', '-n', 'premortem']);
        return code === 0;
      });
      for (const { log } of replicas) assert.doesNotMatch(log, /PRIVATE|-----BEGIN/);
    });

    for (const overlay of ['given-certificate', 'cert-manager']) {
      it(`is left out where somebody else signs: ${overlay}`, async () => {
        const built = passed(await cluster.kubectl(['kustomize', join(MANIFESTS, 'overlays', overlay)]));
        assert.match(built, /secretName: premortem-tls$/m);
        assert.doesNotMatch(built, /--own-ca|premortem-authority|kind: Role$|resourceNames/m);
      });
    }

    it('may do what the manifests say, and nothing else', async () => {
      const rights = async (namespace: string) => {
        const list = ['auth', 'can-i', '--list', '--no-headers', `--as=${ACCOUNT}`, '-n', namespace];
        const lines = passed(await cluster.kubectl(list, { as: 'admin' }))
          .trim()
          .split('\n');
        return lines
          .map(line => line.replace(/\s+/g, ' ').trim())
          .filter(line => !/^\[|^self\w+\.(authorization|authentication)\.k8s\.io /.test(line))
          .sort();
      };
      const reading = await rights('default');
      const writing = reading.filter(line => /create|update|patch|delete|\*/.test(line));
      assert.deepEqual(writing, [
        'validatingwebhookconfigurations.admissionregistration.k8s.io [] [premortem] [get patch]',
      ]);
      assert.deepEqual(
        reading.filter(line => /secrets/.test(line)),
        [],
      );
      const own = (await rights('premortem')).filter(line => !reading.includes(line));
      assert.deepEqual(own, ['secrets [] [] [create]', 'secrets [] [premortem-ca] [get update]']);
    });
  });
  return () => replicas.map(replica => replica.lastWords()).join('\n\n');
}
