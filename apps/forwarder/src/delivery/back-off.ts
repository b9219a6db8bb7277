/** When to try again, and for how long. */
export interface BackOff {
  /** Upper bound of the first delay, in ms; doubles with every attempt. */
  readonly baseMs: number;
  /** Upper bound of a delay that the server did not ask for, in ms. */
  readonly capMs: number;
  /** Attempts of one request before the forwarder stops with the rest queued. */
  readonly maxAttempts: number;
  /** Time without one answered request before it stops, whatever the attempts; ms. Also the longest Retry-After that is waited for. */
  readonly giveUpAfterMs: number;
}

export const defaultBackOff: BackOff = { baseMs: 200, capMs: 20_000, maxAttempts: 8, giveUpAfterMs: 300_000 };

/**
 * Full jitter: a uniform share of the doubled bound, never below what the server asked for.
 * @param attempt 1 after the first failure
 * @param random uniform in [0, 1)
 */
export function delayMs(backOff: BackOff, attempt: number, random: () => number, retryAfterMs = 0): number {
  const bound = Math.min(backOff.capMs, backOff.baseMs * 2 ** Math.min(attempt - 1, 30));
  const asked = Math.min(retryAfterMs, backOff.giveUpAfterMs);
  return asked + Math.floor(random() * bound);
}

/** A small seeded generator (mulberry32), uniform in [0, 1): retries of a test or a bug report can be replayed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
