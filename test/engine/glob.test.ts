import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchesGlob } from '../../src/engine/glob.ts';

describe('a glob', () => {
  it('matches as the regular expression that it stands for', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), maxLength: 12 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.', '*', '?'), maxLength: 8 });
    const property = fc.property(letters, pattern, (text, pattern) => {
      const source = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
      assert.equal(matchesGlob(text, pattern), new RegExp(`^${source}$`).test(text));
    });
    fc.assert(property, { numRuns: 5000 });
  });

  it('matches a text that holds a star or a bracket by itself', () => {
    assert.equal(matchesGlob('web-*', 'web-*'), true);
    assert.equal(matchesGlob('[ab]', '[ab]'), true);
    assert.equal(matchesGlob('a', '[ab]'), false);
  });

  it('is quick with the worst of patterns', () => {
    const started = performance.now();
    assert.equal(matchesGlob('a'.repeat(253), `${'*a'.repeat(100)}b`), false);
    assert.ok(performance.now() - started < 100);
  });
});
