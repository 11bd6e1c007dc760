import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** The image's entry point: the program, Node's flags, the script. */
const [, ...words] = JSON.parse(
  /^ENTRYPOINT (.+)$/m.exec(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))?.[1] ?? '[]',
) as string[];

/** The flags that Node gets in the image. */
export const imageFlags: readonly string[] = words.slice(0, -1);
