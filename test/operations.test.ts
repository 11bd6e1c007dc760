import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { findBinaries } from './e2e/binaries.ts';
import { blocks, page } from './printed.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = 'operations.md';

/** As GitHub makes it from a heading. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

describe('the page on operations', () => {
  const text = page(PAGE);

  it('has no dead link', () => {
    for (const [, file = '', anchor] of text.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
      const target = readFileSync(join(ROOT, 'docs', file || PAGE), 'utf8');
      if (anchor !== undefined) assert.ok(anchorsOf(target).includes(anchor), `${file}#${anchor}`);
    }
  });

  it('quotes only what premortem logs', () => {
    const source = globSync('src/{cli,webhook,world}/**/*.ts', { cwd: ROOT })
      .map(file => readFileSync(join(ROOT, file), 'utf8'))
      .join('\n');
    const table = page(PAGE, 'The log').split('\n');
    const messages = table.flatMap(line => [
      ...(/^\| (`.+?) \|/.exec(line)?.[1]?.matchAll(/`([^`]+)`/g) ?? []),
    ]);
    const told = messages.map(([, message = '']) => message).filter(message => message !== 'msg');
    assert.ok(told.length > 10);
    for (const message of told) assert.ok(source.includes(`'${message}'`), message);
  });

  it('keeps the break-glass to one command, above everything else', () => {
    assert.match(text.split(/^## /m)[1] ?? '', /^Break-glass$/m);
    const [command = '', ...others] = blocks(page(PAGE, 'Break-glass'), 'sh');
    assert.deepEqual([command.trimEnd().split('\n').length, others.length], [1, 0]);
  });

  describe('kustomizes', () => {
    const binaries = findBinaries();
    const kustomize = (folder: string) => {
      assert.ok(typeof binaries !== 'string');
      const ran = spawnSync(join(binaries.folder, 'kubectl'), ['kustomize', folder], { encoding: 'utf8' });
      assert.equal(ran.status, 0, ran.stderr);
      return ran.stdout;
    };
    before(function () {
      if (typeof binaries === 'string') this.skip();
    });

    for (const overlay of globSync('manifests/overlays/*/kustomization.yaml', { cwd: ROOT }).map(dirname)) {
      const { kind } = load(readFileSync(join(ROOT, overlay, 'kustomization.yaml'), 'utf8')) as {
        kind: string;
      };
      if (kind === 'Kustomization') it(`${overlay}`, () => void kustomize(join(ROOT, overlay)));
    }

    it('what it prints, each piece beside the rest', () => {
      const folder = mkdtempSync(join(tmpdir(), 'premortem-kustomize-'));
      try {
        cpSync(join(ROOT, 'manifests'), join(folder, 'manifests'), { recursive: true });
        const pieces = blocks(text, 'yaml').filter(block =>
          block.startsWith('# my-cluster/kustomization.yaml'),
        );
        const whole: Record<string, unknown> = {};
        for (const piece of pieces) Object.assign(whole, load(piece));
        assert.deepEqual(Object.keys(whole).sort(), ['components', 'images', 'patches', 'resources']);
        mkdirSync(join(folder, 'my-cluster'));
        writeFileSync(join(folder, 'my-cluster/kustomization.yaml'), JSON.stringify(whole));
        const built = kustomize(join(folder, 'my-cluster'));
        assert.match(built, /image: registry\.example\.com\/premortem@sha256:0{64}$/m);
        assert.match(built, /^kind: HorizontalPodAutoscaler$/m);
        assert.doesNotMatch(built, /^ {2}replicas:/m);
        assert.equal(built.match(/cidr: 192\.0\.2\.0\/28/g)?.length, 2);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });
});
