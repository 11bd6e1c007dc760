const FACTORS: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * A resource quantity as a number of bytes or cores; undefined for text that is none. The grammar is that of
 * k8s apimachinery/pkg/api/resource/quantity.go: a signed decimal number with a binary suffix, a decimal
 * suffix or an exponent.
 */
export function parseQuantity(quantity: unknown): number | undefined {
  if (typeof quantity === 'number') return Number.isFinite(quantity) ? quantity : undefined;
  if (typeof quantity !== 'string' || quantity.length > 64) return undefined;
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/.exec(quantity);
  if (!match) return undefined;
  const number = Number(match[1]);
  return match[2] === undefined ? number * (FACTORS[match[3] ?? ''] ?? 1) : number * 10 ** Number(match[2]);
}
