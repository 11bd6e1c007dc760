/**
 * A function that remembers its last answer, for what many rules ask of the same object one after the other. A table of
 * all answers would cost the garbage collector more than most answers are worth.
 */
export function rememberLast<Answer, Of, How = void>(
  find: (of: Of, how: How) => Answer,
): (of: Of, how: How) => Answer {
  let last: { of: Of; how: How; answer: Answer } | undefined;
  return (of, how) => {
    if (!last || last.of !== of || last.how !== how) last = { of, how, answer: find(of, how) };
    return last.answer;
  };
}
