import assert from 'node:assert/strict';
import { CANARY, pod, reviewOf, startToyServer, type ToyServer, toySettings } from './toy.ts';

const PATH = '/validate/enforce';
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const secretive = (labels: Record<string, string> = {}, annotations: Record<string, string> = {}) =>
  pod({
    labels: { ...labels, canary: CANARY },
    annotations: { ...annotations, canary: CANARY },
    more: { finalizers: [CANARY] },
  });

describe('what the object holds never reaches the log, the metrics or an error', () => {
  let server: ToyServer;
  const answers: string[] = [];
  let broken = false;

  before(async () => {
    server = await startToyServer({
      settings: () => {
        if (broken) throw new TypeError(`${CANARY}\n    at file:///${CANARY}.ts:1:1`);
        return toySettings;
      },
    });
  });
  after(() => server.stop());

  async function send(body: string, path = PATH, headers = {}): Promise<number> {
    const type = { 'content-type': 'application/json' };
    const { status, text } = await server.send(path, body, { headers: { ...type, ...headers } });
    answers.push(text);
    return status;
  }

  afterEach(async () => {
    const told = [server.log(), await server.metrics(), ...answers].join('\n');
    assert.ok(!told.includes(CANARY), told.slice(Math.max(0, told.indexOf(CANARY) - 300)));
  });

  it('when the body is no JSON', async () => {
    assert.equal(await send(`{"a": "${CANARY}", ${CANARY}`), 400);
    assert.equal(await send(`${CANARY}`), 400);
  });

  it('when the review cannot be read', async () => {
    const review = reviewOf(secretive());
    for (const field of ['uid', 'kind', 'operation', 'name', 'object', 'subResource']) {
      const wrong = { ...review, request: { ...review.request, [field]: [{ [CANARY]: CANARY }] } };
      assert.equal(await send(JSON.stringify(wrong)), 400, field);
    }
    assert.equal(await send(JSON.stringify({ ...review, kind: CANARY })), 400);
    assert.equal(await send(JSON.stringify({ ...review, apiVersion: CANARY })), 400);
  });

  it('when the headers or the path are wrong', async () => {
    const body = JSON.stringify(reviewOf(secretive()));
    assert.equal(await send(body, PATH, { 'content-type': `application/${CANARY}` }), 415);
    assert.equal(await send(body, PATH, { 'content-encoding': CANARY }), 415);
    assert.equal(await send(body, `/${CANARY}`), 404);
    assert.equal(await send(body, `${PATH}?timeout=${CANARY}`), 200);
  });

  it('when a rule throws', async () => {
    assert.equal(await send(JSON.stringify(reviewOf(secretive({ breaks: 'yes' })))), 200);
    assert.match(server.log(), /"undecided":\["breaks"\]/);
  });

  it('when what was written cannot be read', async () => {
    const annotations = { [LAST_APPLIED]: `{"data": "${CANARY}` };
    assert.equal(await send(JSON.stringify(reviewOf(secretive({}, annotations)))), 200);
  });

  it('when a fault is found, waived or not', async () => {
    for (const colour of ['red', 'amber', 'white']) {
      assert.equal(await send(JSON.stringify(reviewOf(secretive({ colour })))), 200);
    }
    const waiver = { 'waive.premortem.dev/painted-red': CANARY };
    assert.equal(await send(JSON.stringify(reviewOf(secretive({ colour: 'red' }, waiver)))), 200);
  });

  it('when the webhook itself fails, of which the log keeps the place', async () => {
    broken = true;
    assert.equal(await send(JSON.stringify(reviewOf(secretive()))), 500);
    broken = false;
    const [line] = server
      .log()
      .split('\n')
      .filter(line => line.includes('request failed'));
    const { uid, error, at } = JSON.parse(line ?? '{}');
    assert.equal(uid, 'a5a5-toy');
    assert.equal(error, 'TypeError');
    assert.match(at[0], /leaks\.test\.ts:\d+:\d+$/);
  });

  it('while the log tells what was asked and what was answered', async () => {
    await send(JSON.stringify(reviewOf(secretive({ colour: 'red' }))));
    const last = JSON.parse(server.log().trim().split('\n').at(-1) ?? '{}');
    const { time, ms, ...rest } = last;
    assert.match(time, /^\d{4}-\d{2}-\d{2}T/);
    assert.equal(typeof ms, 'number');
    assert.deepEqual(rest, {
      level: 'info',
      uid: 'a5a5-toy',
      operation: 'CREATE',
      kind: 'Pod',
      namespace: 'shop',
      name: 'toy',
      mode: 'enforce',
      rules: ['painted-red'],
      allowed: false,
      msg: 'denied',
    });
    assert.ok(!server.log().includes('alice'));
  });
});
