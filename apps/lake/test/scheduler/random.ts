/** Seeded randomness: the same seed gives the same run. */
export interface Random {
  /** A number from 0 up to `bound`, whole. */
  below(bound: number): number;
  /** True `percent` times in a hundred. */
  chance(percent: number): boolean;
  pick<T>(from: readonly T[]): T;
}

/** The mulberry32 generator. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return { below, chance: (percent) => next() * 100 < percent, pick: (from) => from[below(from.length)]! };
}
