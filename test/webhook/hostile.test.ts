import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { admissionReview } from '../../demo/admission-request.ts';
import { storedRelease } from '../../demo/stored-release.ts';
import { readObjects } from '../../src/intake/files.ts';
import type { KubeObject } from '../../src/kubernetes/object.ts';
import { capture } from '../captures/capture.ts';
import { allCases } from '../cases.ts';
import { isLong, patience, runs } from '../runs.ts';
import { INHERITED, NUMBERS, QUANTITIES, TEXTS } from './mutation.ts';
import { assertAnswer, outcomeOfBody } from './pipeline.ts';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Stands for what is put in as text, which no value of JavaScript could be. */
const HERE = '"here-4f21"';

/** An answer to the body, which is given as text. */
async function answerTo(body: string) {
  const outcome = await outcomeOfBody('enforce', Buffer.from(body));
  assert.ok('account' in outcome, 'refused' in outcome ? outcome.refused : '');
  assertAnswer(outcome, JSON.parse(body).request.uid);
  return JSON.parse(outcome.text).response;
}

function deployment(containers: unknown[], metadata: object = {}, more: object = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...metadata },
    spec: { selector: {}, template: { spec: { containers } }, ...more },
  };
}

function created(object: KubeObject): string {
  return JSON.stringify(admissionReview({ operation: 'CREATE', object }));
}

const here = JSON.parse(HERE) as string;
const container = { name: 'web', image: 'web:1' };

describe('a request that goes deep', () => {
  const places: Record<string, string> = {
    'in a field that nobody reads': created(deployment([container], {}, { strategy: here })),
    'in place of the containers': created(deployment(here as never)),
    'in a command': created(deployment([{ ...container, command: ['supercronic', here] }])),
    'in place of an annotation': created(deployment([container], { annotations: { a: here } })),
    'in what the API server keeps': created(deployment([container], { managedFields: [here] })),
    'in a waiver': created(deployment([container], { annotations: { 'waive.premortem.dev/a': here } })),
  };
  for (const [what, body] of Object.entries(places)) {
    it(`${what} is judged`, async () => {
      for (const depth of [500, 5_000, 9_999, 100_000, ...(isLong ? [1_000_000] : [])]) {
        // What kubectl recorded is text, in which a quotation mark is escaped.
        const alone = body.replace(/"kubectl\.kubernetes\.io[^,}]*?:"(?:[^"\\]|\\.)*"/, '"a":"b"');
        assert.ok(alone.includes(HERE));
        await answerTo(alone.replace(HERE, `${'['.repeat(depth)}${']'.repeat(depth)}`));
        await answerTo(alone.replace(HERE, `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`));
      }
    });
  }

  it('in what kubectl recorded is judged', async () => {
    for (const depth of [500, 9_999, 1_000_000]) {
      const spec = `{"template":{"spec":${'{"containers":'.repeat(depth)}1${'}'.repeat(depth)}}}`;
      const written = `{"apiVersion":"apps/v1","kind":"Deployment","spec":${spec}}`;
      const object = deployment([container], { annotations: { [LAST_APPLIED]: written } });
      const review = admissionReview({ operation: 'CREATE', object: deployment([container]) });
      await answerTo(JSON.stringify({ ...review, request: { ...review.request, object } }));
    }
  });

  it('in a release, or in its manifest, is judged as far as it can be read', async () => {
    for (const depth of [500, 9_999, 300_000]) {
      const deep = '['.repeat(depth) + ']'.repeat(depth);
      for (const payload of [
        `{"info":{"status":"pending-install"},"name":"web","manifest":"","config":${deep}}`,
        `{"info":{"status":"pending-install"},"name":"web","manifest":${deep}}`,
        `{"info":{"status":"pending-install"},"name":"web","manifest":"apiVersion: v1\\nkind: Pod\\nspec: ${deep}"}`,
      ]) {
        const object = storedRelease({ name: 'web', namespace: 'shop', revision: 1, manifest: '' });
        const release = Buffer.from(gzipSync(payload).toString('base64')).toString('base64');
        await answerTo(created({ ...object, data: { release } }));
      }
    }
  });
});

describe('a name that every JavaScript object has', () => {
  const untouched = () => [Object, Array, String, Function].map(one => Reflect.ownKeys(one.prototype));

  it('is a name like any other, wherever it stands, and changes nothing for the next request', async () => {
    const before = untouched();
    for (const name of INHERITED) {
      const said = async (name: string) => {
        const pair = JSON.parse(`{"${name}":"${name}"}`);
        const named = {
          name,
          image: 'web:1',
          env: [{ name, value: name }],
          livenessProbe: { exec: { command: ['sh', name] } },
          volumeMounts: [{ name, mountPath: `/${name}` }],
        };
        const waiver = JSON.parse(`{"waive.premortem.dev/${name}":"a reason"}`);
        const metadata = {
          name,
          namespace: name,
          labels: pair,
          annotations: { ...waiver, [`a/${name}`]: name },
        };
        const object = deployment(
          [named],
          metadata,
          JSON.parse(`{"nodeSelector":{"${name}":{"${name}":1}}}`),
        );
        return JSON.stringify(await answerTo(created(object))).replace(/"uid":"[^"]*"/, '');
      };
      const plain = 'x'.repeat(name.length);
      assert.equal((await said(name)).replaceAll(name, plain), await said(plain));
    }
    assert.deepEqual(untouched(), before);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  it('is no field, no kind and no operation', async () => {
    const body = JSON.stringify(capture('cronjob-misplaced-apply-create'));
    for (const name of INHERITED) {
      for (const value of ['CronJob', 'batch', 'spec', 'schedule', 'jobTemplate', 'containers', 'metadata'])
        await outcomeOfBody('enforce', Buffer.from(body.replaceAll(`"${value}"`, `"${name}"`)));
    }
  });
});

describe('any number, quantity or text', () => {
  const bodies = allCases()
    .filter(({ operation }) => operation === 'CREATE')
    .flatMap(({ file, text }) => readObjects({ file, text }).objects)
    .map(({ object }) => created(object));
  const LEAF = /(?<=[:[,])("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false)(?=[,}\]])/g;
  const leaves = fc.constantFrom(
    ...[...NUMBERS, ...[...QUANTITIES, ...TEXTS].map(text => JSON.stringify(text))],
  );

  it('can stand in any place of the object', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...bodies),
      fc.nat(),
      leaves,
      async (body, at, leaf) => {
        const begin = body.indexOf('"object":');
        const places = [...body.matchAll(LEAF)].filter(({ index }) => index > begin);
        const { index, 0: old } = places[at % places.length] ?? { index: 0, 0: '' };
        const changed = body.slice(0, index) + leaf + body.slice(index + old.length);
        const outcome = await outcomeOfBody('enforce', Buffer.from(changed));
        if ('account' in outcome) assertAnswer(outcome, JSON.parse(changed).request.uid);
      },
    );
    await fc.assert(property, { numRuns: runs(0.25) });
  }).timeout(patience(0.25));

  it('of up to a megabyte is judged, and not told whole', async () => {
    for (const unit of ['a', ' ', '\\', '"', '\u202e', '\ud800', 'sh -c ', '1,', ';until=', '{{', '\n']) {
      const text = unit.repeat((isLong ? 1_000_000 : 100_000) / unit.length);
      const told = [text, text.slice(0, 100)];
      await answerTo(
        created(
          deployment(
            [{ ...container, command: told, livenessProbe: { exec: { command: ['sh', '-c', text] } } }],
            { labels: { a: text }, annotations: { 'waive.premortem.dev/a': text } },
          ),
        ),
      );
      await answerTo(created(deployment([{ name: text, image: text }], { name: text })));
      const cron = { schedule: text, jobTemplate: { spec: {} } };
      await answerTo(created({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: {}, spec: cron }));
    }
  });

  it('ten thousand times is judged, and told in part', async () => {
    const many = <Item>(make: (index: number) => Item) =>
      Array.from({ length: 10_000 }, (_, index) => make(index));
    const env = many(index => ({ name: `V${index}`, value: 'x' }));
    await answerTo(created(deployment([{ ...container, env }])));
    const { allowed, status } = await answerTo(
      created(deployment(many(index => ({ name: `c${index}`, image: 'web:1' })))),
    );
    assert.equal(allowed, false);
    assert.match(status.message, /^Deployment shop\/web: 10000 faults .*memory-request-missing/);
    assert.match(status.message, /^ {2}also +\d+ more$/m);
  });
});
