import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storedRelease } from '../../demo/stored-release.ts';
import { startWebhook } from '../../demo/webhook.ts';
import { readObjects } from '../../src/intake/files.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { rules } from '../../src/rules/index.ts';
import { bundle } from '../../src/world/bundle.ts';
import { TODAY } from '../cases.ts';
import { premortem } from './command.ts';

const INCIDENT = 'test/rules/removed-api/bad/zalando-innocent-cronjob.yaml';
const INGRESS = 'test/rules/removed-api/bad/ingress.yaml';
const ALPHA = 'test/rules/alpha-api/bad/mutating-policy.yaml';

interface Found {
  rule: string;
  severity: string;
  what: string;
  fix: string;
  edits: unknown[];
}

async function check(file: string, version?: string, more: string[] = []) {
  const named = version === undefined ? [] : ['--kubernetes-version', version];
  const { code, stdout } = await premortem(['check', '-o', 'json', ...named, ...more, file]);
  const found: Found[] = JSON.parse(stdout).findings;
  const of = (rule: string) => found.find(finding => finding.rule === rule);
  return { code, removed: of('removed-api'), alpha: of('alpha-api') };
}

describe('premortem check --kubernetes-version', () => {
  it('refuses what that version has removed', async () => {
    const { code, removed, alpha } = await check(INCIDENT, '1.29');
    assert.equal(code, 1);
    assert.equal(removed?.severity, 'deny');
    assert.equal(
      removed?.what,
      'batch/v2alpha1 CronJob cannot be created since Kubernetes 1.21, so not in 1.29',
    );
    assert.deepEqual(removed?.edits, [{ op: 'set', path: ['apiVersion'], value: 'batch/v1' }]);
    assert.equal(alpha?.severity, 'note', 'it is told once');
  });

  it('warns of what a later version removes, and names a successor only when it is served', async () => {
    const { removed, alpha } = await check(INCIDENT, 'v1.20.4-gke.100');
    assert.equal(removed?.severity, 'warn');
    assert.equal(
      removed?.what,
      'Kubernetes 1.21 stops serving batch/v2alpha1 CronJob, which 1.20 has not done yet',
    );
    assert.match(
      removed?.fix ?? '',
      /^apiVersion: batch\/v1\nKubernetes 1\.21 is the first to serve that, so write it with the upgrade$/,
    );
    assert.deepEqual(removed?.edits, []);
    assert.equal(alpha?.severity, 'deny');
    assert.match(alpha?.what ?? '', /; Kubernetes 1\.21 drops it$/);
    assert.match(alpha?.fix ?? '', /^write the version that is served without a feature gate/);
  });

  it('compares versions by number', async () => {
    assert.equal((await check(INGRESS, '1.9')).removed?.severity, 'warn');
    assert.equal((await check(INGRESS, '1.22')).removed?.severity, 'deny');
  });

  it('says when nothing that the version serves takes the place', async () => {
    const file = 'resource.yaml';
    const text = 'apiVersion: flowcontrol.apiserver.k8s.io/v1beta1\nkind: FlowSchema\nmetadata: {name: a}\n';
    const folder = mkdtempSync(join(tmpdir(), 'premortem-'));
    try {
      writeFileSync(join(folder, file), text);
      const { removed } = await check(join(folder, file), '1.27');
      assert.match(
        removed?.fix ?? '',
        /Kubernetes 1\.29 is the first to serve that; kubectl api-resources names what 1\.27 serves$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses an alpha version in manifests that are for a cluster of some version', async () => {
    assert.equal((await check(ALPHA)).alpha?.severity, 'warn');
    const { code, alpha } = await check(ALPHA, '1.33');
    assert.deepEqual([code, alpha?.severity], [1, 'deny']);
  });

  it('tells as a note what is only announced, when nobody has named a version', async () => {
    assert.equal((await check(ALPHA)).removed?.severity, 'note');
    assert.equal((await check(ALPHA, '1.36')).removed?.severity, 'warn');
    assert.equal((await check(ALPHA, '1.38')).removed?.severity, 'deny');
  });

  it('warns as before when nobody has named a version', async () => {
    const { code, removed, alpha } = await check(INCIDENT);
    assert.deepEqual([code, removed?.severity, alpha?.severity], [0, 'warn', 'note']);
  });

  for (const version of ['latest', '2.0', '1', '', '1.29.x'])
    it(`ends with 2 and a clear error for "${version}"`, async () => {
      const { code, stdout, stderr } = await premortem(['check', '--kubernetes-version', version, INCIDENT]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /--kubernetes-version <version>.*written like 1\.29 or v1\.29\.4/);
    });
});

describe('kubernetesVersion in premortem.yaml', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'premortem-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function configuration(line: string): string[] {
    const file = join(folder, 'premortem.yaml');
    writeFileSync(file, `apiVersion: premortem.dev/v1\nkind: Configuration\n${line}\n`);
    return ['--config', file];
  }

  it('holds for the files of a run, unless the command line names another', async () => {
    const config = configuration('kubernetesVersion: "1.29"');
    assert.equal((await check(INCIDENT, undefined, config)).removed?.severity, 'deny');
    assert.equal((await check(INCIDENT, '1.20', config)).removed?.severity, 'warn');
  });

  it('can be made a warning like any other rule', async () => {
    const config = configuration('kubernetesVersion: "1.29"\nrules: { removed-api: warn }');
    assert.equal((await check(INCIDENT, undefined, config)).removed?.severity, 'warn');
  });

  for (const [value, message] of [
    ['1.30', /kubernetesVersion must be text: put it in quotes/],
    ['latest', /kubernetesVersion must be a version of Kubernetes in quotes, such as "1\.29"/],
  ] as const)
    it(`must be a version, and ${value} is none`, async () => {
      const argv = ['check', ...configuration(`kubernetesVersion: ${value}`), INCIDENT];
      const { code, stderr } = await premortem(argv);
      assert.equal(code, 2);
      assert.match(stderr, message);
    });

  it('does not matter at admission, where the API server has accepted the version', async () => {
    const settings = { rules, world: bundle([], undefined), today: TODAY };
    const webhook = await startWebhook(() => ({
      ...settings,
      configuration: { ...defaultConfiguration, kubernetesVersion: '1.38' },
    }));
    try {
      const manifest = readFileSync(INCIDENT, 'utf8');
      const [one] = readObjects({ file: INCIDENT, text: manifest }).objects;
      const release = storedRelease({ name: 'shop', namespace: 'shop', revision: 1, manifest });
      for (const object of [one?.object, release]) {
        assert.ok(object);
        const { status } = await webhook.ask({ operation: 'CREATE', object, oldObject: undefined });
        assert.doesNotMatch(JSON.stringify(status ?? {}), /-api/);
      }
    } finally {
      await webhook.stop();
    }
  });
});
