const NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['\u00b5s', 1_000n],
  ['\u03bcs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const LIMIT = 2n ** 63n;

/**
 * A duration such as `1h30m` or `1.5s` in nanoseconds; undefined for text that Go's time.ParseDuration refuses
 * (no unit, an unknown unit such as `d`, more than about 292 years). Linear in the length of the text.
 */
export function parseGoDuration(text: string): bigint | undefined {
  const negative = text.startsWith('-');
  const unsigned = negative || text.startsWith('+') ? text.slice(1) : text;
  if (unsigned === '0') return 0n;
  if (unsigned === '') return undefined;

  const part = /(\d*)(?:\.(\d*))?([^.\d]*)/y;
  let total = 0n;
  while (part.lastIndex < unsigned.length) {
    const [, whole = '', fraction = '', unit = ''] = part.exec(unsigned) ?? [];
    const nanoseconds = NANOSECONDS.get(unit);
    if (nanoseconds === undefined || whole + fraction === '') return undefined;
    const amount = wholeNumber(whole);
    if (amount === undefined || amount * nanoseconds > LIMIT) return undefined;
    const value = amount * nanoseconds + fractionOf(nanoseconds, fraction);
    // Go adds in a uint64 that wraps.
    total = BigInt.asUintN(64, total + value);
    if (value > LIMIT || total > LIMIT) return undefined;
  }
  if (negative) return -total;
  return total < LIMIT ? total : undefined;
}

function wholeNumber(digits: string): bigint | undefined {
  const significant = digits.replace(/^0+/, '');
  if (significant.length > 19) return undefined;
  const number = BigInt(significant);
  return number <= LIMIT ? number : undefined;
}

/** Go computes this in float64 and drops digits beyond a uint64; an exact sum would round some values apart. */
function fractionOf(nanoseconds: bigint, digits: string): bigint {
  const zeros = /^0*/.exec(digits)?.[0].length ?? 0;
  let kept = digits.slice(zeros, zeros + 19);
  if (BigInt(kept) > LIMIT) kept = kept.slice(0, 18);
  const scale = 10 ** (zeros + kept.length);
  return BigInt(Math.trunc(Number(kept) * (Number(nanoseconds) / scale)));
}
