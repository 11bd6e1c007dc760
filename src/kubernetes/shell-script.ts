/** One command of a shell script: its words as written, without quotes, and the mark that ends it. */
export interface SimpleCommand {
  words: string[];
  end: ';' | '&&' | '||' | '|' | '&' | '';
}

/** What is longer is a program of its own, and nobody's one-liner. */
const MOST_CHARACTERS = 20_000;
/** Words that stand before a command and are none. */
const BEFORE_COMMANDS = new Set([
  'while',
  'until',
  'do',
  'if',
  'then',
  'else',
  'elif',
  '!',
  '{',
  '(',
  'time',
]);
/** What no shell sees anything in; most of a script, so it is taken at once. */
const PLAIN = /[^\s"'\\$#&;|()]+/y;
const MARKS = /^(?:&&|\|\||;;|[;|&\n])/;

/**
 * The commands of a shell script in the order in which they are written, as far as one can tell without being a
 * shell: quotes, comments, line continuations and `$(…)` are seen through, here-documents are not.
 */
export function simpleCommands(script: string): SimpleCommand[] {
  const text = script.slice(0, MOST_CHARACTERS).replaceAll('\\\n', ' ');
  const commands: SimpleCommand[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let depth = 0;
  const endWord = () => {
    if (word !== undefined && !(words.length === 0 && BEFORE_COMMANDS.has(word))) words.push(word);
    word = undefined;
  };
  const endCommand = (end: SimpleCommand['end']) => {
    endWord();
    if (words.length > 0) commands.push({ words, end });
    words = [];
  };
  for (let at = 0; at < text.length; at++) {
    PLAIN.lastIndex = at;
    const plain = PLAIN.exec(text)?.[0];
    if (plain !== undefined) {
      word = (word ?? '') + plain;
      at += plain.length - 1;
      continue;
    }
    const character = text.charAt(at);
    if (character === '"' || character === "'") {
      const end = text.indexOf(character, at + 1);
      const close = end < 0 ? text.length : end;
      word = (word ?? '') + text.slice(at + 1, close);
      at = close;
    } else if (character === '\\') {
      at += 1;
      word = (word ?? '') + text.charAt(at);
    } else if (depth > 0 || text.startsWith('$(', at)) {
      if (character === '(') depth += 1;
      if (character === ')') depth -= 1;
      if (character === '$' && depth === 0) {
        depth = 1;
        at += 1;
        word = `${word ?? ''}$(`;
      } else word = (word ?? '') + character;
    } else if (character === ' ') {
      endWord();
    } else if (character === '#' && word === undefined) {
      while (at + 1 < text.length && text[at + 1] !== '\n') at += 1;
    } else if (character === '&' && (text[at + 1] === '>' || text[at - 1] === '>')) {
      word = (word ?? '') + character;
    } else {
      const mark = MARKS.exec(text.slice(at, at + 2))?.[0];
      if (mark !== undefined) {
        endCommand(mark === '\n' || mark === ';;' ? ';' : (mark as SimpleCommand['end']));
        at += mark.length - 1;
      } else if (character === '(' || character === ')' || /\s/.test(character)) endWord();
      else word = (word ?? '') + character;
    }
  }
  endCommand('');
  return commands;
}
