import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { storedRelease } from '../../demo/stored-release.ts';
import { readConfigurationFile } from '../../src/intake/configuration.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { rules } from '../../src/rules/index.ts';
import { bundle } from '../../src/world/bundle.ts';
import { TODAY } from '../cases.ts';
import { rules as laneRules } from './lane-rules.ts';
import { CANARY, pod, reviewOf, startToyServer, type ToyServer, toySettings } from './toy.ts';

/** Enough to be taken for large. */
const PADDING = CANARY.repeat(50_000);
const PATH = '/validate/enforce?timeout=2s';

/** All that a server has told, to whomever. */
function listening(server: () => ToyServer) {
  const answers: string[] = [];
  return {
    async send(review: object): Promise<number> {
      const { status, text } = await server().send(PATH, JSON.stringify(review));
      answers.push(text);
      return status;
    },
    async assertNothingTold(): Promise<void> {
      const told = [server().log(), await server().metrics(), ...answers].join('\n');
      assert.ok(!told.includes(CANARY), told.slice(Math.max(0, told.indexOf(CANARY) - 300)).slice(0, 600));
    },
  };
}

describe('what a large object holds does not leave the process that judges it', function () {
  this.timeout(30_000);
  let server: ToyServer;
  const { send, assertNothingTold } = listening(() => server);
  before(async () => {
    server = await startToyServer({
      rulesUrl: new URL('./lane-rules.ts', import.meta.url),
      settings: () => ({ ...toySettings, rules: laneRules }),
    });
  });
  after(() => server.stop());
  afterEach(assertNothingTold);

  const large = (labels: Record<string, string>) =>
    reviewOf(pod({ labels, annotations: { padding: PADDING }, more: { finalizers: [CANARY] } }));

  it('when it is judged', async () => assert.equal(await send(large({ colour: 'red' })), 200));

  it('when a rule throws', async () => assert.equal(await send(large({ breaks: 'yes' })), 200));

  it('when it cannot be read', async () => {
    assert.equal(await send({ ...large({}), kind: CANARY }), 400);
    const { status, text } = await server.send(PATH, `{"${PADDING}`);
    assert.deepEqual([status, text.includes(CANARY)], [400, false]);
  });

  it('when that runs out of memory, or of time', async () => {
    for (const misdeed of ['allocates', 'stalls'])
      assert.ok((await send(large({ [misdeed]: 'yes' }))) >= 500, misdeed);
  });
});

describe('what a release holds is not told', () => {
  let server: ToyServer;
  const { send, assertNothingTold } = listening(() => server);
  before(async () => {
    server = await startToyServer({
      rulesUrl: new URL('../../src/rules/index.ts', import.meta.url),
      settings: () => ({
        rules,
        world: bundle([], []),
        today: TODAY,
        configuration: defaultConfiguration,
      }),
    });
  });
  after(() => server.stop());
  afterEach(assertNothingTold);

  const MANIFEST = `\
apiVersion: v1
kind: Secret
metadata: {name: password, labels: {a: ${CANARY}}}
stringData: {password: ${CANARY}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, annotations: {a: ${CANARY}}}
spec:
  template:
    spec:
      containers:
        - {name: web, image: 'web:1', env: [{name: PASSWORD, value: ${CANARY}}]}
`;
  const revision = { name: 'web', namespace: 'shop', revision: 1 };
  const release = (payload: string | Buffer) => {
    const text = Buffer.from(Buffer.from(payload).toString('base64')).toString('base64');
    return reviewOf({ ...storedRelease({ ...revision, manifest: '' }), data: { release: text } });
  };
  const values = {
    config: { password: CANARY },
    chart: { values: CANARY },
    info: { status: 'pending-install' },
  };
  const payload = (more: object) => JSON.stringify({ name: 'web', namespace: 'shop', ...values, ...more });

  it('when it is judged', async () => {
    assert.equal(await send(release(gzipSync(payload({ manifest: MANIFEST })))), 200);
    assert.match(server.log(), /"rules":\["memory-request-missing"/);
  });

  for (const [what, broken] of Object.entries({
    'in part': payload({ manifest: `${MANIFEST}---\nkind: [${CANARY}\n` }),
    'since keys stand twice': payload({
      manifest: `{kind: Pod, apiVersion: v1, metadata: {labels: {${CANARY}: a, ${CANARY}: b}}}`,
    }),
    'since an alias has no anchor': payload({ manifest: `kind: Pod\napiVersion: v1\nspec: *${CANARY}\n` }),
    'since its tag is unknown': payload({ manifest: `kind: Pod\napiVersion: v1\nspec: !${CANARY} 1\n` }),
    'since it is a template': payload({ manifest: `kind: Pod\nspec: {{ .Values.${CANARY} }}\n` }),
    'since its forms are wrong': payload({ manifest: `kind: Pod\napiVersion: v1\nspec: ${CANARY}\n` }),
    'since its hooks are none': payload({
      manifest: '',
      hooks: [CANARY, { path: CANARY, manifest: CANARY }],
    }),
    'since it has no manifest': payload({ manifest: { [CANARY]: CANARY } }),
    'since it is no JSON': `{"a": ${CANARY}`,
    'since it is no mapping': JSON.stringify([CANARY]),
    'since it is packed twice': gzipSync(gzipSync(payload({}))),
    'since it breaks off': gzipSync(payload({ manifest: MANIFEST })).subarray(0, 150),
  })) {
    it(`when it cannot be read, ${what}`, async () => assert.equal(await send(release(broken)), 200));
  }
});

describe('what a bad configuration holds is not told', () => {
  it('in the error that is logged', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'premortem-leaks-'));
    const file = join(folder, 'premortem.yaml');
    const head = 'apiVersion: premortem.dev/v1\nkind: Configuration\n';
    for (const text of [
      CANARY,
      `${head}${CANARY}: 1\n`,
      `${head}rules:\n  ${CANARY}: off\n`,
      `${head}rules:\n  memory-request-missing: ${CANARY}\n`,
      `${head}rules: [${CANARY}\n`,
      `${head}rules: *${CANARY}\n`,
      `${head}waivers:\n  - {rule: ${CANARY}, reason: ${CANARY}, until: ${CANARY}}\n`,
      `${head}podTemplates:\n  - {apiVersion: ${CANARY}, kind: ${CANARY}, path: ${CANARY}}\n`,
    ]) {
      await writeFile(file, text);
      await assert.rejects(readConfigurationFile(file, rules), ({ message }: Error) => {
        assert.doesNotMatch(message, new RegExp(CANARY), text);
        return true;
      });
    }
    await rm(folder, { recursive: true });
  });
});
