import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { storedRelease } from '../../demo/stored-release.ts';
import { readObjects } from '../../src/intake/files.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { defaultConfiguration } from '../../src/model/configuration.ts';
import { known } from '../../src/model/subject.ts';
import { rules } from '../../src/rules/index.ts';
import { bundle } from '../../src/world/bundle.ts';
import { rules as laneRules } from './lane-rules.ts';
import { type AdmissionAnswer, pod, reviewOf, startToyServer, type ToyServer, toySettings } from './toy.ts';

const RULES = new URL('./lane-rules.ts', import.meta.url);
/** Enough to be taken for large. */
const padding = 'x'.repeat(600_000);

function large(labels: Record<string, string>): object {
  return reviewOf(pod({ labels, annotations: { padding } }));
}

/** With all the time that a busy machine may need. */
async function judged(server: ToyServer, review: object): Promise<AdmissionAnswer['response']> {
  const { text } = await server.send('/validate/enforce?timeout=60s', JSON.stringify(review));
  return (JSON.parse(text) as AdmissionAnswer).response;
}

function deployment(name: string, memory?: string): KubeObject {
  const resources = memory ? { requests: { memory }, limits: { memory } } : {};
  // Text that does not pack, so that the release is stored in more than a few bytes.
  const noise = Array.from({ length: 40 }, (_, index) => ({
    name: `V${index}`,
    value: `${Math.sin(index)}-${name}`,
  }));
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: { template: { spec: { containers: [{ name, image: 'web:1', resources, env: noise }] } } },
  };
}

/** The processes for large bodies that this one has started and that have not ended (proc(5)). */
function lanes(): string[] {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ');
  return children.filter(pid => pid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('lane-process'));
}

describe('a large body', function () {
  this.timeout(60_000);
  let server: ToyServer;
  const limits = readObjects({
    file: 'limits.yaml',
    text: [
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: defaults, namespace: shop}\n',
      'apiVersion: v1\nkind: LimitRange\nmetadata: {name: elsewhere, namespace: bank}\n',
      'apiVersion: v1\nkind: Node\nmetadata: {name: large}\n',
      'apiVersion: v1\nkind: Node\nmetadata: {name: small}\n',
    ].join('---\n'),
  });
  before(async () => {
    const world = bundle(limits.objects, undefined);
    server = await startToyServer({
      rulesUrl: RULES,
      settings: () => ({ ...toySettings, rules: laneRules, world }),
    });
  });
  after(() => server.stop());

  it('is judged as a small one is', async () => {
    for (const colour of ['red', 'amber', 'white', 'green']) {
      const small = await server.ask('enforce', reviewOf(pod({ labels: { colour } })));
      assert.deepEqual(await judged(server, large({ colour })), small, colour);
    }
  });

  it('is judged by what the world knows, which the main process tells', async () => {
    const { status } = await judged(server, large({ limited: 'yes' }));
    assert.match(status?.message ?? '', /limits: defaults$/m);
  });

  it('is judged by what stands elsewhere in the cluster, in the namespace that it names itself', async () => {
    const { status } = await judged(server, large({ there: 'bank' }));
    assert.match(status?.message ?? '', /found: elsewhere, large$/m);
  });

  it('may name anything in its questions, line separators too', async () => {
    for (const separator of ['\u2028', '\u2029', '\u0085', '\r', '\n']) {
      const there = `b${separator}ank`;
      const { status } = await judged(server, large({ there }));
      assert.match(status?.message ?? '', /found: large$/m, JSON.stringify(there));
    }
  });

  it('is counted and logged like any other', async () => {
    await judged(server, large({ colour: 'red' }));
    assert.match(
      await server.metrics(),
      /premortem_findings_total\{rule="painted-red",severity="deny",action="refused"\}/,
    );
    assert.match(
      server.log(),
      /"kind":"Pod","namespace":"shop","name":"toy","mode":"enforce","rules":\["painted-red"\]/,
    );
  });

  it('that cannot be read is refused as a small one is', async () => {
    const { status, text } = await server.send('/validate/enforce', `{"padding": "${padding}`);
    assert.deepEqual([status, text], [400, 'the body is not JSON\n']);
  });

  it('does not keep small ones waiting', async () => {
    const order: string[] = [];
    const slow = server.send('/validate/enforce?timeout=2s', JSON.stringify(large({ stalls: 'yes' })));
    await server.ask('enforce', reviewOf(pod())).then(() => order.push('small'));
    await slow.then(({ status }) => order.push(`large ${status}`));
    assert.deepEqual(order, ['small', 'large 500']);
  });

  for (const [what, labels] of [
    ['takes more memory than there is', { allocates: 'yes' }],
    ['cannot be broken off', { stalls: 'yes' }],
    ['dies in the midst of a question', { dies: 'yes' }],
  ] as const) {
    it(`whose rule ${what} is left to the failurePolicy, and the next is judged`, async () => {
      const { status } = await server.send('/validate/enforce?timeout=2s', JSON.stringify(large(labels)));
      assert.ok(status === 500 || status === 503, `${status}`);
      assert.equal((await server.ask('enforce', reviewOf(pod()))).allowed, true);
      assert.equal((await judged(server, large({ colour: 'red' }))).allowed, false);
      assert.equal(lanes().length, 1);
    });
  }

  it('for which no process can be started is left to the failurePolicy, and the next is judged', async () => {
    const other = await startToyServer({ rulesUrl: RULES, settings: () => toySettings });
    const { execPath } = process;
    process.execPath = '';
    try {
      const body = JSON.stringify(large({ colour: 'red' }));
      assert.equal((await other.send('/validate/enforce?timeout=1s', body)).status, 500);
      // By then its time is over, if anybody still waits for it.
      await wait(600);
    } finally {
      process.execPath = execPath;
    }
    assert.equal((await judged(other, large({ colour: 'red' }))).allowed, false);
    await other.stop();
  });

  it('that has to wait too long is sent elsewhere, on another connection', async () => {
    const sending = ['one', 'two', 'three'].map(() =>
      server.send('/validate/enforce?timeout=1s', JSON.stringify(large({ stalls: 'yes' }))),
    );
    const answers = await Promise.all(sending);
    const asked = answers.filter(({ status }) => status === 503);
    assert.ok(asked.length >= 2 && answers.every(({ status }) => status >= 500));
    for (const { headers } of asked) {
      assert.equal(headers['retry-after'], '0');
      assert.equal(headers.connection, 'close');
    }
  });

  it('of a release is judged whole, and what is live is looked up', async () => {
    const objects = Array.from({ length: 200 }, (_, index) => deployment(`web-${index}`, '64Mi'));
    const manifest = [...objects, deployment('bad')]
      .map(object => `---\n${JSON.stringify(object)}\n`)
      .join('');
    const asked: string[] = [];
    let found: KubeObject | undefined;
    const releases = await startToyServer({
      rulesUrl: new URL('../../src/rules/index.ts', import.meta.url),
      settings: () => ({
        rules,
        world: bundle([], []),
        today: '2026-11-21',
        configuration: defaultConfiguration,
      }),
      live: {
        async get(kind, namespace, name) {
          asked.push(`${kind.name} ${namespace}/${name}`);
          return known(found);
        },
      },
    });
    const object = storedRelease({ name: 'web', namespace: 'shop', revision: 2, manifest });
    const body = JSON.stringify(reviewOf(object));
    assert.ok(body.length > 24 * 1024, `${body.length}`);
    const ask = () => judged(releases, reviewOf(object));
    assert.match(
      (await ask()).status?.message ?? '',
      /^Release shop\/web: 1 fault .*memory-request-missing$/m,
    );
    found = deployment('bad');
    const { allowed, warnings } = await ask();
    assert.equal(allowed, true);
    assert.match(warnings?.join('\n') ?? '', /no memory request \(was there before\)/);
    assert.deepEqual(asked, ['Deployment shop/bad', 'Deployment shop/bad']);
    await releases.stop();
  });
});
