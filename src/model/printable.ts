/**
 * Control characters (terminal escapes among them), bidirectional overrides and invisible characters: in a
 * manifest they are a mistake or a trick, on a terminal they are harmful, and the API server silently drops a
 * warning that holds one.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Most of what there is, and told a good deal faster. */
const PLAIN = /^[ -~]*$/;

/** Text that may be shown on one line: unprintable characters become `?`, and what exceeds `most` is cut. */
export function printable(text: string, most = 400): string {
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return PLAIN.test(cut) ? cut : cut.replace(UNPRINTABLE, '?');
}

/** The same for text of several lines. */
export function printableLines(text: string, most = 2000): string {
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  return cut
    .split('\n')
    .map(line => printable(line, most))
    .join('\n');
}
