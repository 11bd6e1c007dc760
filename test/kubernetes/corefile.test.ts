import assert from 'node:assert/strict';
import process from 'node:process';
import fc from 'fast-check';
import { serverBlocks } from '../../src/kubernetes/corefile.ts';

const read = (text: string) => serverBlocks(text).map(({ name, plugins }) => [name, ...plugins.keys()]);

describe('a Corefile', () => {
  it('is read as server blocks and their plugins, without what stands inside a plugin', () => {
    const text = '.:53 {\n  errors\n  health {\n    lameduck 5s\n  }\n  cache 30\n}\n';
    assert.deepEqual(read(text), [['.:53', 'errors', 'health', 'cache']]);
  });

  it('may name the zones of a block on several lines', () => {
    assert.deepEqual(read('a.example:53\nb.example:53 {\n  log\n}'), [['a.example:53 b.example:53', 'log']]);
    assert.deepEqual(read('a.example:53\n{\n  log\n}'), [['a.example:53', 'log']]);
  });

  it('holds snippets and imports, which are no blocks', () => {
    assert.deepEqual(read('(common) {\n  cache\n}\nimport custom/*\n. {\n  import common\n}'), [
      ['.', 'import'],
    ]);
  });

  it('has comments, which are passed over', () => {
    assert.deepEqual(read('# . {\n. { # all\n  # cache\n  errors # {\n}'), [['.', 'errors']]);
  });

  it('tells what stands behind a plugin', () => {
    const [block] = serverBlocks('. {\n  forward . 192.0.2.1   192.0.2.2 {\n    force_tcp\n  }\n}');
    assert.equal(block?.plugins.get('forward'), '. 192.0.2.1 192.0.2.2');
  });

  it('may have a hundred thousand lines', () => {
    const begun = process.cpuUsage();
    assert.deepEqual(read('zone\n'.repeat(100_000)), []);
    assert.ok(process.cpuUsage(begun).user < 1_000_000);
  });

  it('may be any text', () => {
    const text = fc
      .array(fc.constantFrom('{', '}', '\n', ' ', '#', '.', 'import', '(a)', '{$ZONE}:53'))
      .map(parts => parts.join(''));
    fc.assert(fc.property(fc.oneof(text, fc.string()), text => assert.ok(Array.isArray(serverBlocks(text)))));
  });
});
