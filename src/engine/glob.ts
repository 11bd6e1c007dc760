/**
 * Does the whole text match a pattern in which `*` stands for any characters and `?` for one? Everything else stands
 * for itself. Takes no more steps than the length of the pattern times that of the text, whatever they hold.
 */
export function matchesGlob(text: string, pattern: string): boolean {
  let at = 0;
  let next = 0;
  // Behind the last star, and where the text went on that it has not swallowed.
  let afterStar = -1;
  let resume = 0;
  while (at < text.length) {
    const wanted = pattern[next];
    if (wanted === '*') {
      afterStar = ++next;
      resume = at;
    } else if (wanted === '?' || (wanted !== undefined && wanted === text[at])) {
      next++;
      at++;
    } else if (afterStar >= 0) {
      next = afterStar;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[next] === '*') next++;
  return next === pattern.length;
}
