import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { exchange, pod, reviewOf, startToyServer, type ToyServer } from './toy.ts';

const BODY = JSON.stringify(reviewOf(pod()));
const HEADERS = { 'content-type': 'application/json' };
const PATH = '/validate/enforce';

/** The API server's way: connections kept in a pool, the latest used first. */
function pool(server: ToyServer) {
  return {
    agent: new Agent({ keepAlive: true, scheduling: 'lifo', maxFreeSockets: 25 }),
    ca: server.certificate.cert,
  };
}

describe('a server that is asked to stop', () => {
  it('says so, and ends each connection with its next answer', async () => {
    const server = await startToyServer({ drain: { graceMs: 200, limitMs: 1_000 } });
    const stopped = server.stop();
    assert.equal((await fetch(`${server.opsUrl}/readyz`)).status, 503);
    assert.equal((await fetch(`${server.opsUrl}/healthz`)).status, 200);
    const ca = server.certificate.cert;
    for (const [path, status] of [
      [PATH, 200],
      ['/elsewhere', 404],
    ] as const) {
      const answer = await exchange(server.url + path, BODY, { agent: false, ca, headers: HEADERS });
      assert.equal(answer.status, status);
      assert.equal(answer.headers.connection, 'close');
    }
    await stopped;
    await assert.rejects(fetch(`${server.opsUrl}/readyz`));
  });

  it('answers on an idle connection long after it has stopped listening', async () => {
    const server = await startToyServer({ drain: { graceMs: 50, limitMs: 5_000 } });
    const options = { ...pool(server), headers: HEADERS };
    assert.equal((await exchange(server.url + PATH, BODY, options)).status, 200);
    const stopped = server.stop();
    await wait(400);
    await assert.rejects(exchange(server.url + PATH, BODY, { ...options, agent: false }), /ECONNREFUSED/);
    const { status, headers } = await exchange(server.url + PATH, BODY, options);
    assert.equal(status, 200);
    assert.equal(headers.connection, 'close');
    await stopped;
  });

  it('ends as soon as the clients have closed their connections', async () => {
    const server = await startToyServer({ drain: { graceMs: 50, limitMs: 60_000 } });
    const options = { ...pool(server), headers: HEADERS };
    await exchange(server.url + PATH, BODY, options);
    const stopped = server.stop();
    await wait(150);
    options.agent.destroy();
    await stopped;
  });

  it('gives up on clients that do not close theirs', async () => {
    const server = await startToyServer({ drain: { graceMs: 20, limitMs: 200 } });
    const options = { ...pool(server), headers: HEADERS };
    await exchange(server.url + PATH, BODY, options);
    const started = performance.now();
    await server.stop();
    assert.ok(performance.now() - started >= 190);
    options.agent.destroy();
  });

  it('ends at once when it is asked again', async () => {
    const server = await startToyServer({ drain: { graceMs: 60_000, limitMs: 120_000 } });
    const options = { ...pool(server), headers: HEADERS };
    await exchange(server.url + PATH, BODY, options);
    server.stop();
    // Or else the test's own time is over.
    await server.stop();
    options.agent.destroy();
  });

  it('loses no request of clients that go on at full speed', async () => {
    const drain = { graceMs: 400, limitMs: 5_000 };
    const [leaving, staying] = await Promise.all([startToyServer({ drain }), startToyServer()]);
    let target = leaving;
    // One address for both, as a Service has: only new connections go to the one that stays.
    const agent = new Agent({ keepAlive: true, scheduling: 'lifo', maxFreeSockets: 25 });
    const createConnection = agent.createConnection.bind(agent);
    agent.createConnection = (options, ...rest) =>
      createConnection({ ...options, port: new URL(target.url).port }, ...rest);
    const options = { agent, ca: leaving.certificate.cert, headers: HEADERS };

    let answered = 0;
    let going = true;
    const client = async () => {
      while (going) {
        const { status } = await exchange(`https://127.0.0.1${PATH}`, BODY, options);
        assert.equal(status, 200);
        answered++;
      }
    };
    const clients = Array.from({ length: 12 }, client);
    await wait(300);
    const stopped = leaving.stop();
    await wait(150);
    target = staying;
    await wait(700);
    going = false;
    await Promise.all(clients);
    agent.destroy();
    await stopped;
    await staying.stop();
    assert.ok(answered > 100, `${answered} answered`);
  });

  it('is not held up by a connection on which nothing was ever said', async () => {
    const server = await startToyServer({ drain: { graceMs: 20, limitMs: 200 } });
    const silent = connect(Number(new URL(server.url).port), '127.0.0.1');
    silent.on('error', () => {});
    await wait(50);
    await server.stop();
    silent.destroy();
  });
});
