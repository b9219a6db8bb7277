export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = numbers.toSorted((a, b) => a - b);
  return { median: median(sorted), lowest: sorted[0]!, highest: sorted.at(-1)! };
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `12,345 (11,000 to 13,000)`. */
export function spreadText(numbers: readonly number[], digits = 0): string {
  const text = (number: number): string =>
    number.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const { median: middle, lowest, highest } = spreadOf(numbers);
  return `${text(middle)} (${text(lowest)} to ${text(highest)})`;
}
