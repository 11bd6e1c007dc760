import assert from 'node:assert/strict';
import { heapSizes } from '../../src/kubernetes/heap.ts';

const MIB = 2 ** 20;

function bytesOf(container: object): number[] {
  return heapSizes(container).map(({ bytes }) => bytes);
}

describe('the heap that a container is told to use', () => {
  it('is read in the units of its runtime', () => {
    for (const [option, bytes] of [
      ['-Xmx1048576', MIB],
      ['-Xmx1024k', MIB],
      ['-Xmx512m', 512 * MIB],
      ['-Xmx2G', 2048 * MIB],
      ['-XX:MaxHeapSize=1t', 2 ** 40],
      ['--max-old-space-size=4096', 4096 * MIB],
      ['--max_old_space_size=4096', 4096 * MIB],
    ] as const) {
      assert.deepEqual(bytesOf({ command: ['run', option] }), [bytes], option);
      assert.deepEqual(bytesOf({ args: ['sh', '-c', `exec "run" '${option}' now`] }), [bytes], option);
      assert.deepEqual(bytesOf({ env: [{ name: 'OPTS', value: `-a ${option} -b` }] }), [bytes], option);
    }
    assert.deepEqual(bytesOf({ command: ['node', '--max-old-space-size', '64', 'x.js'] }), [64 * MIB]);
  });

  it('is all memory, for Go', () => {
    for (const [value, bytes] of [
      ['1048576', MIB],
      ['1048576B', MIB],
      ['1MiB', MIB],
      ['2GiB', 2048 * MIB],
    ] as const) {
      const [size] = heapSizes({ env: [{ name: 'GOMEMLIMIT', value }] });
      assert.deepEqual([size?.bytes, size?.heapAlone], [bytes, false], value);
    }
  });

  it('is not guessed', () => {
    for (const option of [
      '-Xmx',
      '-Xmx2x',
      '-Xmx2gb',
      '-Xmx$(HEAP)',
      '-Xms2g',
      'a-Xmx2g',
      '-Xmx-1g',
      '-xmx2g',
    ]) {
      assert.deepEqual(bytesOf({ command: ['java', option] }), [], option);
    }
    for (const value of ['off', '2G', '2gib', '', '-1', '$(LIMIT)']) {
      assert.deepEqual(bytesOf({ env: [{ name: 'GOMEMLIMIT', value }] }), [], value);
    }
    assert.deepEqual(bytesOf({ env: [{ name: 'AGENT_JAVA_OPTS', value: '-Xmx2g' }] }), []);
    assert.deepEqual(bytesOf({ command: 2, env: 'GOMEMLIMIT' }), []);
    assert.deepEqual(bytesOf({ command: [1, null], env: [null, 'x', { name: 1, value: {} }] }), []);
  });
});
