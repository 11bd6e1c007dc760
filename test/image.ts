import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

/** The image's entry point: the program, Node's flags, the script. */
export const entrypoint = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? '[]') as string[];

/** The flags that Node gets in the image. */
export const imageFlags: readonly string[] = entrypoint.slice(1, -1);

/** The shell command that puts the files of the image together, from `/app` and Node, in an empty folder. */
export const assembly = /^WORKDIR \/image\nRUN ((?:.+\\\n)*.+)$/m.exec(dockerfile)?.[1] ?? '';
