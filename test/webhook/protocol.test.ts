import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { connect } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { pod, reviewOf, startToyServer, type ToyServer } from './toy.ts';

const PATH = '/validate/enforce';
const VALID = JSON.stringify(reviewOf(pod({ labels: { colour: 'red' } })));
const MiB = 1024 * 1024;

describe('the webhook takes', () => {
  let server: ToyServer;
  before(async () => {
    server = await startToyServer({ bodyDeadlineMs: 10_000 });
  });
  after(() => server.stop());

  for (const type of [
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
  ]) {
    it(`a body of type ${type}`, async () => {
      const { status, headers } = await server.send(PATH, VALID, { headers: { 'content-type': type } });
      assert.equal(status, 200);
      assert.equal(headers['content-type'], 'application/json');
    });
  }

  it('a body that says it is not encoded', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'identity' };
    assert.equal((await server.send(PATH, VALID, { headers })).status, 200);
  });

  it('a body of 27 MiB, the largest that an API server sends', async () => {
    const review = reviewOf(pod({ labels: { colour: 'red' }, annotations: { note: 'x'.repeat(27 * MiB) } }));
    // With the time that a busy machine may need for it.
    const { text } = await server.send('/validate/enforce?timeout=60s', JSON.stringify(review));
    assert.equal(JSON.parse(text).response.allowed, false);
  });

  it('one request after another on one connection, refused ones too', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const body of [VALID, 'not JSON', VALID, '{}', VALID]) {
      const { headers } = await server.send(PATH, body, { agent });
      assert.equal(headers.connection, 'keep-alive');
    }
    agent.destroy();
  });

  it('HTTP/1.1 over TLS 1.2 or newer, and nothing else', async () => {
    const target = { port: Number(new URL(server.url).port), ca: server.certificate.cert };
    const socket = connect({ ...target, ALPNProtocols: ['h2', 'http/1.1'] });
    await once(socket, 'secureConnect');
    assert.equal(socket.alpnProtocol, 'http/1.1');
    assert.equal(socket.getProtocol(), 'TLSv1.3');
    socket.destroy();
    const old = connect({
      ...target,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'ALL:@SECLEVEL=0',
    });
    await assert.rejects(once(old, 'secureConnect'), /protocol version/);
  });

  it('a deep body', async () => {
    const deep = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;
    const body = VALID.replace('"containers":[]', `"containers":${deep}`);
    assert.equal((await server.send(PATH, body)).status, 200);
  });

  it('keep none waiting that is not as large', async () => {
    const body = VALID.padEnd(15 * MiB);
    const held = withhold(server, body, `${PATH}?timeout=2s`);
    await wait(100);
    assert.equal((await server.send(PATH, VALID.padEnd(400_000))).status, 200);
    assert.equal((await held).status, 408);
  });

  it('are answered within the time that the API server gives, if that is less than ours', async () => {
    const patient = await startToyServer({ bodyDeadlineMs: 600_000 });
    assert.equal((await withhold(patient, VALID, `${PATH}?timeout=1s`)).status, 408);
    await patient.stop();
  });
});

describe('the webhook turns down', () => {
  let server: ToyServer;
  before(async () => {
    server = await startToyServer({ bodyDeadlineMs: 300 });
  });
  after(() => server.stop());

  async function assertRefused(
    status: number,
    path: string,
    body: string | Buffer,
    options: { method?: string; headers?: Record<string, string> } = {},
  ): Promise<void> {
    const answer = await server.send(path, body, options);
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.text, /^[\w .,/-]{5,80}\n$/);
    assert.equal(answer.headers['x-powered-by'], undefined);
  }

  for (const type of [
    undefined,
    'text/plain',
    'application/yaml',
    'application/json; charset=utf-16',
    'application/json-patch+json',
    'application/jsonx',
    'multipart/form-data; boundary=x',
  ]) {
    it(`a body of type ${type}`, () =>
      assertRefused(415, PATH, VALID, { headers: type ? { 'content-type': type } : {} }));
  }

  for (const encoding of ['gzip', 'deflate', 'br', 'zstd']) {
    it(`a body in ${encoding}`, () =>
      assertRefused(415, PATH, gzipSync(VALID), {
        headers: { 'content-type': 'application/json', 'content-encoding': encoding },
      }));
  }

  const { request: valid } = reviewOf(pod());
  const v1 = { apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview' };
  const bodies: Record<string, string | Buffer> = {
    'that is empty': '',
    'that is no JSON': '{"kind": AdmissionReview}',
    'that is cut short': VALID.slice(0, -1),
    'with a byte order mark': `\ufeff${VALID}`,
    'that is not UTF-8': Buffer.concat([Buffer.from(VALID.slice(0, -20)), Buffer.from([0xc3, 0x28])]),
    'in UTF-16': Buffer.from(VALID, 'utf16le'),
    'that is null': 'null',
    'that is a list': `[${VALID}]`,
    'that is text': '"AdmissionReview"',
    'of v1beta1': VALID.replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1'),
    'of another kind': VALID.replace('AdmissionReview', 'ConversionReview'),
    'without a request': JSON.stringify(v1),
    'without a uid': JSON.stringify({ ...v1, request: { ...valid, uid: undefined } }),
    'without an object': JSON.stringify({ ...v1, request: { ...valid, object: null } }),
  };
  for (const [what, body] of Object.entries(bodies)) {
    it(`a body ${what}`, () => assertRefused(400, PATH, body));
  }

  for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
    it(`a ${method}`, async () => {
      await assertRefused(405, PATH, '', { method });
      assert.equal((await server.send(PATH, '', { method })).headers.allow, 'POST');
    });
  }

  for (const path of ['/', '/validate', `${PATH}/`, '/validate/Enforce', '/validate/deny', '/%', '/mutate']) {
    it(`the path ${path}`, () => assertRefused(404, path, VALID));
  }

  it('a body of 33 MiB, and closes the connection', async () => {
    const { status, headers } = await server.send(PATH, Buffer.alloc(33 * MiB, ' '));
    assert.equal(status, 413);
    assert.equal(headers.connection, 'close');
  });

  it('the mere announcement of a body of 33 MiB, and closes the connection', async () => {
    const outgoing = request(`${server.url}${PATH}`, {
      method: 'POST',
      ca: server.certificate.cert,
      headers: { 'content-type': 'application/json', 'content-length': 33 * MiB },
    });
    outgoing.on('error', () => {});
    outgoing.flushHeaders();
    const [response] = await once(outgoing, 'response');
    assert.equal(response.statusCode, 413);
    await once(response.resume(), 'end');
    await once(outgoing, 'close');
  });

  it('a body of unknown length', async () => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const outgoing = request(`${server.url}${PATH}`, {
      method: 'POST',
      ca: server.certificate.cert,
      headers,
    });
    outgoing.end(VALID);
    const [response] = await once(outgoing, 'response');
    assert.equal(response.statusCode, 411);
    response.resume();
  });

  it('a body whose last byte does not come', async () => {
    const { status } = await withhold(server, VALID);
    assert.equal(status, 408);
  });

  it('nobody else while a sender goes away half-way', async () => {
    const outgoing = beginning(server, VALID);
    outgoing.on('error', () => {});
    await wait(20);
    outgoing.destroy();
    assert.equal((await server.send(PATH, VALID)).status, 200);
  });
});

describe('bodies that are withheld', () => {
  let server: ToyServer;
  before(async () => {
    server = await startToyServer({ bodyDeadlineMs: 4_000 });
  });
  after(() => server.stop());

  it('take no more memory than the budget, keep small ones waiting for nothing, and are all answered', async () => {
    const body = VALID.padEnd(6 * MiB);
    const held = Array.from({ length: 8 }, () => withhold(server, body));
    await wait(200);
    let answered = 0;
    for (const one of held) one.then(() => answered++);
    assert.equal((await server.send(PATH, VALID)).status, 200);
    assert.equal(answered, 0, 'the small one did not wait for them');

    const answers = await Promise.all(held);
    const statuses = answers.map(({ status }) => status).sort();
    // Two of 6 MiB fit into 16 MiB; the others were not read at all.
    assert.deepEqual(statuses, [408, 408, 503, 503, 503, 503, 503, 503]);
    for (const { status, headers } of answers) {
      if (status === 503) assert.equal(headers['retry-after'], '0');
      assert.equal(headers.connection, 'close');
    }
    assert.equal((await server.send(PATH, body)).status, 200);
  });

  it('are answered within the time that the API server gives, if that is less than ours', async () => {
    const patient = await startToyServer({ bodyDeadlineMs: 600_000 });
    assert.equal((await withhold(patient, VALID, `${PATH}?timeout=1s`)).status, 408);
    await patient.stop();
  });
});

/** A request whose last byte is still to come. */
function beginning(server: ToyServer, body: string, path = PATH) {
  const outgoing = request(`${server.url}${path}`, {
    method: 'POST',
    agent: false,
    ca: server.certificate.cert,
    headers: { 'content-type': 'application/json', 'content-length': body.length },
  });
  outgoing.write(body.slice(0, -1));
  return outgoing;
}

async function withhold(server: ToyServer, body: string, path = PATH) {
  const outgoing = beginning(server, body, path);
  const [response] = await once(outgoing, 'response');
  outgoing.on('error', () => {});
  response.resume();
  await once(response, 'end');
  outgoing.destroy();
  return { status: response.statusCode as number, headers: response.headers };
}
