import { type FileObject, readObjects } from '../intake/files.ts';
import type { Source } from '../intake/sources.ts';
import { type Kind, kindOf } from '../kubernetes/kinds.ts';
import { isAlongside, lookedUpKinds } from '../model/query.ts';
import type { Rule } from '../model/rule.ts';
import { folderOf, type Member } from '../world/file-set.ts';

/** What rules ask for while they judge other objects. */
export interface LookedUp {
  objects: FileObject[];
  /** Without their origins, which would keep each file's text as it was parsed. */
  members: Member[];
}

/** Reads the documents in which there may be something that rules ask for: one that names no such kind holds none. */
export function lookUp(sources: readonly Source[], rules: readonly Rule[]): LookedUp {
  const needs = rules.map(({ needs }) => needs);
  const lookedUp = new Set<Kind<unknown> | undefined>(lookedUpKinds(needs));
  const words = needs
    .flatMap(each => Object.values(each))
    .flatMap(query => (query.ask === 'alongside' ? query.kinds : []));
  const amongFiles = filesAskedFor(sources, rules);
  const patterns = new Map<string, RegExp>();
  const found: LookedUp = { objects: [], members: [] };
  for (const source of sources) {
    const kinds = amongFiles.get(source) ?? new Set();
    const more = [...kinds].map(kind => kind?.name).join();
    const pattern = patterns.get(more) ?? kindAmong([...lookedUp, ...kinds], words);
    patterns.set(more, pattern);
    for (const one of readObjects(source, document => pattern.test(document)).objects) {
      const kind = kindOf(one.object);
      if (lookedUp.has(kind) || isAlongside(one.object, words)) found.objects.push(one);
      if (kinds.has(kind)) found.members.push({ object: one.object, file: source.file });
    }
  }
  return found;
}

/**
 * How a document looks whose kind, or that of an item of it, is one of these or has one of the words in its name. Escaped
 * letters are not seen through.
 */
function kindAmong(kinds: readonly (Kind<unknown> | undefined)[], words: readonly string[]): RegExp {
  const names = kinds.map(kind => `${kind?.name}(?:List)?\\b`);
  const alike = words.map(word => `\\w*${word}`);
  return new RegExp(`kind["']?\\s*:\\s*["']?(?:${[...names, ...alike].join('|')})`);
}

/** Of each file the kinds that matter: within a folder only where it holds a subject of the rule that asks. */
function filesAskedFor(
  sources: readonly Source[],
  rules: readonly Rule[],
): ReadonlyMap<Source, ReadonlySet<Kind<unknown> | undefined>> {
  const asked = new Map<Source, Set<Kind<unknown> | undefined>>();
  for (const { kinds: subjects, needs } of rules) {
    for (const query of Object.values(needs)) {
      if (query.ask !== 'among-files') continue;
      const holders = sources.filter(source => names(source, subjects));
      const folders = new Set(holders.map(({ file }) => folderOf(file)));
      for (const source of holders.length === 0 ? [] : sources) {
        if (query.within === 'folder' && !folders.has(folderOf(source.file))) continue;
        const kinds = asked.get(source) ?? new Set();
        asked.set(source, kinds);
        for (const kind of query.kinds) kinds.add(kind);
      }
    }
  }
  return asked;
}

function names({ text }: Source, kinds: Iterable<Kind<unknown> | undefined>): boolean {
  for (const kind of kinds) if (kind && text.includes(kind.name)) return true;
  return false;
}
