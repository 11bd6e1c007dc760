import { MAX_DEPTH } from './yaml-events.ts';

/** Where the brackets are closed that open at an offset; undefined when they are not, or nest too deeply. */
export function endOfBrackets(text: string, from: number, end = text.length): number | undefined {
  let depth = 0;
  for (let at = from; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x7b || code === 0x5b) depth++;
    else if (code === 0x7d || code === 0x5d) depth--;
    if (depth === 0) return at + 1;
    if (depth > MAX_DEPTH) return undefined;
  }
  return undefined;
}

/** The closing quote of the JSON string that begins at an offset, or the end of the text. */
function endOfString(text: string, quote: number): number {
  for (let at = quote + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at++;
  }
  return text.length;
}
