/** One server block of a Corefile, as CoreDNS reads it: `.:53 { … }`. */
export interface ServerBlock {
  /** The zones and ports that it answers for, as written. */
  readonly name: string;
  /** Its plugins, with what stands behind each on its line. */
  readonly plugins: ReadonlyMap<string, string>;
}

/** The server blocks of a Corefile; snippets, which other blocks import, are none. Takes any text. */
export function serverBlocks(corefile: string): ServerBlock[] {
  const blocks: { name: string; plugins: Map<string, string> }[] = [];
  let names: string[] = [];
  let depth = 0;
  for (const line of corefile.split('\n')) {
    const [word = '', ...rest] = wordsOf(line);
    if (word === '') continue;
    const opens = rest.at(-1) === '{' || word === '{';
    const arguments_ = (opens ? rest.slice(0, -1) : rest).join(' ');
    if (word === '}') depth = Math.max(0, depth - 1);
    else if (depth === 0) {
      // The zones of a block may stand on several lines.
      if (word !== '{') names.push(`${word} ${arguments_}`.trim());
      if (opens) blocks.push({ name: names.join(' '), plugins: new Map() });
      if (opens || word === 'import') names = [];
    } else if (depth === 1) blocks.at(-1)?.plugins.set(word, arguments_);
    if (opens) depth += 1;
  }
  return blocks.filter(({ name }) => !name.startsWith('('));
}

/** What follows `#` at the beginning of a word is a comment. */
function wordsOf(line: string): string[] {
  const words = line.split(/\s+/).filter(word => word !== '');
  const comment = words.findIndex(word => word.startsWith('#'));
  return comment < 0 ? words : words.slice(0, comment);
}
