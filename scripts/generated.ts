import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** Writes a generated file; with `--check` on the command line it only tells whether the committed one is current. */
export function generated(path: string, content: string): void {
  const current = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (current === content) return;
  if (process.argv.includes('--check')) {
    console.error(`${path} is not current: npm run generate writes it`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(path, content);
  console.log(`wrote ${path}`);
}
