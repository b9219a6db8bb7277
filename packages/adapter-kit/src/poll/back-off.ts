const firstMs = 1000;
const mostMs = 60_000;

/** Exponential back-off with full jitter: a wait of 0 to 1 s after the first failure, of 0 to 60 s at the most. In ms. */
export function backOff(failures: number, random: () => number): number {
  return Math.floor(random() * Math.min(mostMs, firstMs * 2 ** Math.min(failures - 1, 16)));
}
