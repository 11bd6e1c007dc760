import assert from 'node:assert/strict';
import { keepalive } from '../../src/kubernetes/keepalive.ts';

const sh = (script: string) => ['sh', '-c', script];

describe('a container that is kept alive', () => {
  for (const command of [
    ['sleep', 'infinity'],
    ['/bin/sleep', '365d'],
    ['tail', '-f', '/dev/null'],
    ['tini', '--', 'tail', '-F', '/dev/null'],
    ['/bin/bash', '-c', '--', 'while true; do sleep 30; done;'],
    sh('trap : TERM INT; sleep infinity & wait'),
    sh('while [ 1 ]; do echo alive; sleep 5; done'),
    sh('exec sleep 99999'),
    sh('echo ready\ntail -f /dev/null'),
  ]) {
    it(`is one with ${command.join(' ')}`, () => assert.ok(keepalive({ command })));
  }

  it('is one with cat only where its input stays open', () => {
    assert.equal(keepalive({ command: ['cat'], tty: true }), 'cat');
    assert.equal(keepalive({ command: ['cat'] }), undefined);
  });

  for (const command of [
    ['sleep', '30'],
    ['redis-server'],
    sh('sleep 5; exec server'),
    sh('while true; do backup; sleep 86400; done'),
    sh('until nc -z db 5432; do sleep 1; done'),
    sh('server & tail -f /dev/null'),
    sh('tail -f /var/log/app.log'),
    sh('echo "wait for while"; sleep 60; exit 1'),
    sh('while true; do echo alive >> /mnt/log; sleep 10; done'),
    sh('cp /conf /host && sleep infinity'),
    [],
  ]) {
    it(`is none with ${command.join(' ') || 'no command'}`, () =>
      assert.equal(keepalive({ command }), undefined));
  }
});
