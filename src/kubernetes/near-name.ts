import { distance } from 'fastest-levenshtein';

/** A DNS subdomain, or the key of a ConfigMap, has no more (k8s apimachinery/pkg/util/validation/validation.go). */
const LONGEST = 253;
/** Parts this short tell siblings apart, as in `web-eu` and `web-us`. */
const SHORT = 3;

/**
 * The one of the names that was probably meant: nothing but a slip of the pen away, and no sibling with another number
 * or another short word in it.
 */
export function nearName(name: string, names: Iterable<string>): string | undefined {
  if (name.length > LONGEST) return undefined;
  let best: { name: string; edits: number } | undefined;
  for (const other of names) {
    if (other === name || Math.abs(other.length - name.length) > 2) continue;
    const edits = distance(name, other);
    if (edits > 2 || edits * 3 >= name.length || edits >= (best?.edits ?? 3)) continue;
    if (!areSiblings(name, other)) best = { name: other, edits };
  }
  return best?.name;
}

function areSiblings(one: string, other: string): boolean {
  if (one.replace(/\d/g, '') === other.replace(/\d/g, '')) return true;
  const [parts, others] = [one.split(/[-._]/), other.split(/[-._]/)];
  if (parts.length !== others.length) return false;
  return parts.every((part, index) => {
    const beside = others[index] ?? '';
    return part === beside || (part.length <= SHORT && beside.length <= SHORT);
  });
}
