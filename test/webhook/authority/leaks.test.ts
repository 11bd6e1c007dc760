import assert from 'node:assert/strict';
import { SECRET_TYPE } from '../../../src/webhook/authority/keyring.ts';
import { CANARY } from '../toy.ts';
import { FakeCluster } from './fake-cluster.ts';
import { Replica } from './replica.ts';

describe('what the Secret of an authority holds is never logged', () => {
  let cluster: FakeCluster;
  let replica: Replica;
  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
    cluster.install('enforce', 'warn');
    replica = await Replica.of(cluster, () => new Date());
  });
  afterEach(async () => {
    replica.stop();
    await cluster.remove();
  });

  it('when all is well', async () => {
    await replica.becomeReady();
    const lines = cluster.keyring.current.key.split('\n').filter(line => line.length > 20);
    assert.ok(lines.length > 0);
    for (const line of lines) assert.ok(!replica.log.includes(line));
    assert.doesNotMatch(replica.log, /PRIVATE KEY/);
  });

  it('when it cannot be used', async () => {
    await replica.becomeReady();
    const { cert, key } = cluster.keyring.current;
    const bytes = (text: string) => Buffer.from(text).toString('base64');
    const pem = `-----BEGIN PRIVATE KEY-----\n${CANARY}\n-----END PRIVATE KEY-----\n`;
    for (const secret of [
      { type: CANARY, data: { 'ca.key': bytes(key) } },
      { type: SECRET_TYPE, data: CANARY },
      { type: SECRET_TYPE, data: { 'ca.crt': bytes(CANARY), 'ca.key': bytes(CANARY) } },
      { type: SECRET_TYPE, data: { 'ca.crt': bytes(cert), 'ca.key': bytes(pem) } },
      { type: SECRET_TYPE, data: { 'ca.crt': bytes(cert), 'ca.key': bytes(`${key}${CANARY}`) }, [CANARY]: 1 },
      {
        type: SECRET_TYPE,
        data: {
          'ca.crt': bytes(cert),
          'ca.key': bytes(key),
          'former.crt': bytes(cert),
          'former.since': bytes(CANARY),
        },
      },
    ]) {
      cluster.storeSecret(secret);
      await replica.authority.look();
    }
    assert.ok(replica.log.length > 0);
    assert.ok(!replica.log.includes(CANARY) && !replica.log.includes(bytes(CANARY)), replica.log);
    assert.ok(!replica.log.includes(key.split('\n')[1] ?? ''), replica.log);
  });
});
