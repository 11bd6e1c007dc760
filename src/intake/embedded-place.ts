import { parseYaml } from '../kubernetes/yaml.ts';
import type { Path } from '../model/path.ts';

/** Lines and columns from the beginning of the block, both from 0. */
export interface PlaceInBlock {
  line: number;
  column: number;
  length: number;
}

/**
 * Where the thing at a path, or its nearest ancestor, stands in YAML that is itself the text of a block scalar (`|`),
 * given as written. Undefined for other scalars, of which a line is not a line, and where nothing of the path is found.
 */
export function placeInBlock(block: string, path: Path): PlaceInBlock | undefined {
  const header = /^(?:[&!]\S* +)*\|[+-]?[ \t]*(?:#.*)?\r?\n/.exec(block)?.[0];
  if (header === undefined) return undefined;
  const lines = block.slice(header.length).split('\n');
  const indent = /^ */.exec(lines.find(line => line.trim() !== '') ?? '')?.[0].length ?? 0;
  const yaml = parseYaml(lines.map(line => line.slice(indent)).join('\n'));
  for (let depth = path.length; depth > 0; depth--) {
    for (const document of yaml.documents) {
      const place = document.locate(path.slice(0, depth));
      if (!place) continue;
      const { start, end } = place.key ?? place.value;
      const { line, column } = yaml.positionAt(start);
      return { line, column: indent + column - 1, length: end - start };
    }
  }
  return undefined;
}
