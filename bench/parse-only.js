// The floor for `premortem check`: read the same files, parse them with the same library, and no more.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';

let documents = 0;
for (const entry of readdirSync(process.argv[2], { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(ya?ml|json)$/i.test(entry.name)) continue;
  try {
    documents += loadAll(readFileSync(join(entry.parentPath, entry.name), 'utf8')).length;
  } catch {
    // Not every public manifest is YAML.
  }
}
console.log(documents);
