import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseCommand, startsInit } from '../../src/kubernetes/command.ts';

describe('a command line', () => {
  const cases: [string[], string, boolean][] = [
    [['pg_isready', '-U', 'postgres'], 'pg_isready', false],
    [['/usr/bin/redis-cli', 'ping'], 'redis-cli', false],
    [['cat', '/tmp/healthy'], 'cat', false],
    [['/bin/check'], 'check', false],
    [['server_readiness_probe.sh'], 'server_readiness_probe.sh', true],
    [['python3', '/probe.py'], 'python3', false],
    [['sh', '-c', 'redis-cli ping | grep PONG'], 'redis-cli', true],
    [['/bin/bash', '-ec', 'a && b'], 'a', true],
    [['bash', '/probe.sh'], 'bash', true],
    [['sh', '-c', 'exec pg_isready -U postgres'], 'pg_isready', false],
    [['sh', '-c', 'exec pg_isready; true'], 'pg_isready', true],
    [['sh', '-c', 'exec $(which pg_isready)'], '$', true],
    [['timeout', '5', 'redis-cli', 'ping'], 'timeout', true],
    [['busybox', 'wget', '-q', 'localhost'], 'wget', false],
    [['env', 'A=b', 'redis-cli', 'ping'], 'redis-cli', false],
    [['gosu', 'redis', 'redis-cli', 'ping'], 'redis-cli', false],
    [['busybox', 'sh', '-c', 'true'], 'true', true],
    [[], '', false],
  ];
  for (const [words, program, forks] of cases) {
    it(`${JSON.stringify(words)} starts ${program || 'nothing'}; forks: ${forks}`, () => {
      const line = parseCommand(words);
      assert.deepEqual([line.program, line.forks], [program, forks]);
    });
  }

  it('tells how long a timeout inside it allows', () => {
    assert.equal(parseCommand(['timeout', '-k', '1', '5s', 'x']).timeout, 5);
    assert.equal(parseCommand(['timeout', '5', 'x']).timeout, 5);
    assert.equal(parseCommand(['sh', '-c', 'timeout 3 redis-cli ping || exit 1']).timeout, 3);
    assert.equal(parseCommand(['sh', '-c', 'redis-cli ping']).timeout, undefined);
  });

  it('makes an init PID 1 only where it is the program itself', () => {
    for (const words of [
      ['/sbin/tini', '--', 'x'],
      ['dumb-init', 'x'],
      ['sh', '-c', 'exec tini -- x'],
      ['/init'],
    ]) {
      assert.equal(startsInit(words), true, words.join(' '));
    }
    for (const words of [['sh', '-c', 'tini -- x'], ['redis-server'], ['x', 'tini'], []]) {
      assert.equal(startsInit(words), false, words.join(' '));
    }
  });

  it('can be any words without harm', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { maxLength: 6 }),
        words => typeof parseCommand(words).program === 'string',
      ),
    );
  });
});
