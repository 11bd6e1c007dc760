import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { premortem } from './command.ts';

const HERD = 'test/rules/cronjob-herd/bad/flant-systemd-mounts.yaml';
const MANY = 'test/rules/mass-change/bad/datadog-200-deployments.yaml';

interface Found {
  rule: string;
  object: { kind: string; name: string };
  file: string;
  what: string;
  existing: string;
  waiver: unknown;
}

describe('what is checked together', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'premortem-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string): string {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  async function check(rule: string, ...argv: string[]) {
    const { stdout } = await premortem(['check', '-o', 'json', ...argv]);
    const { findings, waivers } = JSON.parse(stdout);
    return { found: (findings as Found[]).filter(one => one.rule === rule), waivers };
  }

  const object = (kind: string, name: string, more: object = {}) =>
    `${JSON.stringify({ apiVersion: kind === 'CronJob' ? 'batch/v1' : 'v1', kind, metadata: { name }, ...more })}\n`;
  const namespace = (name: string, annotations = {}) =>
    object('Namespace', name, { metadata: { name, annotations } });
  const pod = (name: string, inNamespace: string) =>
    object('Pod', name, { metadata: { name, namespace: inNamespace } });
  const cronJob = (name: string, schedule: string, annotations = {}) =>
    object('CronJob', name, { metadata: { name, annotations }, spec: { schedule } });

  describe('of a Namespace and what runs in it', () => {
    it('is its folder, not what is above, below or beside it', async () => {
      file('shop/namespace.yaml', namespace('shop'));
      file('shop/deeper/pod.yaml', pod('a', 'shop'));
      file('pod.yaml', pod('b', 'shop'));
      file('till/pod.yaml', pod('c', 'shop'));
      assert.deepEqual((await check('namespace-in-app-dir', folder)).found, []);
      file('shop/pod.yaml', pod('d', 'shop'));
      const [one, ...others] = (await check('namespace-in-app-dir', folder)).found;
      assert.deepEqual([one?.object.name, others.length], ['shop', 0]);
      assert.match(one?.what ?? '', /^Namespace shop stands beside Pod d: kubectl delete -f/);
    });

    it('was so before, if the previous revision had it so', async () => {
      const before = file('before/all.yaml', `${namespace('shop')}---\n${pod('a', 'shop')}`);
      file('after/namespace.yaml', namespace('shop'));
      file('after/pod.yaml', pod('a', 'shop'));
      const after = join(folder, 'after');
      const { found } = await check('namespace-in-app-dir', '--before', before, after);
      assert.deepEqual(
        found.map(({ existing }) => existing),
        ['yes'],
      );
      const apart = file('apart/all.yaml', namespace('shop'));
      const [one] = (await check('namespace-in-app-dir', '--before', apart, after)).found;
      assert.equal(one?.existing, 'no');
    });

    it('is waived by the Namespace, whose waiver is not needless when it is checked alone', async () => {
      const waiver = { 'waive.premortem.dev/namespace-in-app-dir': 'made to be thrown away' };
      const alone = file('shop/namespace.yaml', namespace('shop', waiver));
      file('shop/pod.yaml', pod('a', 'shop'));
      const { found, waivers } = await check('namespace-in-app-dir', folder);
      assert.deepEqual(
        [found.length, found[0]?.waiver, waivers],
        [1, { reason: 'made to be thrown away', until: null }, []],
      );
      assert.deepEqual((await check('namespace-in-app-dir', alone)).waivers, []);
    });
  });

  describe('of CronJobs', () => {
    it('is the whole run, and the first of the herd is told of it, once', async () => {
      for (let index = 11; index <= 21; index++) file(`${index}.yaml`, cronJob(`job-${index}`, '0 2 * * *'));
      const { found } = await check('cronjob-herd', folder);
      assert.deepEqual(
        found.map(({ object, what }) => [object.name, what]),
        [
          [
            'job-11',
            'schedule "0 2 * * *" starts it with 10 other CronJobs of these files, at 02:00: job-12, job-13, job-14 and 7 more',
          ],
        ],
      );
    });

    it('counts each once that stands in the folders of several environments', async () => {
      for (const environment of ['production', 'staging'])
        for (let index = 1; index <= 10; index++)
          file(`${environment}/${index}.yaml`, cronJob(`job-${index}`, '0 2 * * *'));
      assert.deepEqual((await check('cronjob-herd', folder)).found, []);
      for (const environment of ['production', 'staging'])
        file(`${environment}/eleven.yaml`, cronJob('job-11', '0 2 * * *'));
      const { found } = await check('cronjob-herd', folder);
      assert.deepEqual(
        found.map(({ file }) => file),
        [join(folder, 'production/1.yaml')],
      );
    });

    it('was a herd before, if the previous revision had it', async () => {
      const text = readFileSync(HERD, 'utf8');
      const after = file(
        'after.yaml',
        text.replace('"0 2 * * *", concurrency', '"0 2 1-31 * *", concurrency'),
      );
      const [one] = (await check('cronjob-herd', '--before', HERD, after)).found;
      assert.equal(one?.existing, 'yes');
      const spread = file(
        'spread.yaml',
        text.replace('"0 2 * * *"', '"3 2 * * *"').replace('"0 2 * * *"', '"4 2 * * *"'),
      );
      const [other] = (await check('cronjob-herd', '--before', spread, HERD)).found;
      assert.equal(other?.existing, 'no');
    });
  });

  describe('of a change', () => {
    it('is what it makes or changes, and not what stays', async () => {
      const text = readFileSync(MANY, 'utf8');
      const rolled = file('after.yaml', text.replace('clean:1', 'clean:2').replace('web:1', 'web:2'));
      const [one] = (await check('mass-change', '--before', MANY, rolled)).found;
      assert.deepEqual(
        [one?.what, one?.existing],
        ['51 objects that start pods are changed or made at once: 51 Deployments', 'no'],
      );
      assert.deepEqual((await check('mass-change', '--before', MANY, MANY)).found, []);
      const relabelled = file(
        'labels.yaml',
        text.replaceAll('namespace: shop}', 'namespace: shop, labels: {a: b}}'),
      );
      assert.deepEqual((await check('mass-change', '--before', MANY, relabelled)).found, []);
    });

    it('is all of a chart that is rendered, and unknown of mere files', async () => {
      const text = readFileSync(MANY, 'utf8');
      const chart = file('chart.yaml', `---\n# Source: shops/templates/all.yaml\n${text}`);
      const [one, ...others] = (await check('mass-change', chart)).found;
      assert.deepEqual(
        [one?.what, others.length],
        ['51 objects that start pods are made at once: 51 Deployments', 0],
      );
      assert.deepEqual((await check('mass-change', MANY)).found, []);
    });
  });
});
