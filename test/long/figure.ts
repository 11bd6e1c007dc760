/** All figures of the long tests go through here, so that they can be found in the output. */
export function figure(name: string, value: number | string): void {
  console.log(`figure: ${name} = ${typeof value === 'number' ? Math.round(value * 100) / 100 : value}`);
}

/** How much of its full length a long test takes: 1 unless PREMORTEM_LONG_SHARE says less. */
export const share = Number(process.env.PREMORTEM_LONG_SHARE ?? 1);

/** How many requests per second to send where a test names so many: all, unless PREMORTEM_LONG_RATE says a part of them. */
export function perSecond(requests: number): number {
  return requests * Number(process.env.PREMORTEM_LONG_RATE ?? 1);
}
