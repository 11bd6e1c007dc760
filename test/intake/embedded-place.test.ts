import assert from 'node:assert/strict';
import fc from 'fast-check';
import { placeInBlock } from '../../src/intake/embedded-place.ts';
import { readObjects } from '../../src/intake/files.ts';

const lines = ['apiVersion: v1', 'kind: ConfigMap', 'metadata: { name: kubelet-config }', 'data:'];
const inner = [
  'apiVersion: kubelet.config.k8s.io/v1beta1',
  'kind: KubeletConfiguration',
  'evictionHard:',
  '  nodefs.available: 10%',
];

/** The line, as text, and what the caret stands under. */
function shown(text: string, path: (string | number)[]): [string, string] {
  const [read] = readObjects({ file: 'x.yaml', text }).objects;
  assert.ok(read);
  const { line, column, length } = read.origin.locate(path);
  const source = read.origin.lineText(line);
  return [source.trim(), source.slice(column - 1, column - 1 + length)];
}

const inBlock = (header: string, body: string[]) => [...lines, `  kubelet: ${header}`, ...body].join('\n');
const path = ['data', 'kubelet', 'evictionHard', 'nodefs.available'];

describe('a place within the text of a block', () => {
  const body = inner.map(line => `      ${line}`);

  it('is a line of the file', () => {
    assert.deepEqual(shown(inBlock('|', body), path), ['nodefs.available: 10%', 'nodefs.available']);
  });

  it('is found behind chomping, comments, anchors and blank lines', () => {
    for (const header of ['|-', '|+', '| # as kubeadm keeps it', '&kept |'])
      assert.deepEqual(shown(inBlock(header, ['', ...body]), path)[1], 'nodefs.available', header);
  });

  it('is its nearest ancestor where it is missing', () => {
    const missing = ['data', 'kubelet', 'evictionHard', 'memory.available'];
    assert.deepEqual(shown(inBlock('|', body), missing), ['evictionHard:', 'evictionHard']);
  });

  it('is the key of the text where nothing of it is there, or where lines of the text are no lines of the file', () => {
    const other = ['data', 'kubelet', 'podPidsLimit'];
    assert.deepEqual(shown(inBlock('|', body), other), ['kubelet: |', 'kubelet']);
    assert.deepEqual(shown(inBlock('>-', body), path), ['kubelet: >-', 'kubelet']);
    assert.deepEqual(shown(inBlock('"evictionHard: {}"', []), path)[1], 'kubelet');
    // Behind an indicator of its own the text begins with blanks.
    assert.deepEqual(shown(inBlock('|2', body), path)[1], 'kubelet');
  });

  it('is found in the second of two documents', () => {
    const two = ['      kind: ClusterConfiguration', '      ---', ...body];
    assert.deepEqual(shown(inBlock('|', two), path)[1], 'nodefs.available');
  });

  it('is looked for in any text', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.string().map(text => `|\n${text}`),
    );
    fc.assert(
      fc.property(texts, fc.array(fc.string(), { maxLength: 3 }), (text, path) => {
        const place = placeInBlock(text, path);
        assert.ok(place === undefined || (place.line > 0 && place.column >= 0 && place.length >= 0));
      }),
    );
  });
});
