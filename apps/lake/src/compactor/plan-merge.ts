import type { FileRecord } from "../catalog/store-catalog.ts";

export interface MergeLimits {
  /** Upper bounds of the tiers in bytes, ascending. A file of the last bound or more is never rewritten. */
  readonly tiers: readonly number[];
  /** So many files of a day in one tier become one. */
  readonly fanIn: number;
  readonly maxFiles: number;
  /** Of one merged file. */
  readonly maxBytes: number;
  readonly maxRows: number;
}

const mebibyte = 1024 ** 2;

/** Files below 64 MB become one of at most 512 MB, in three tiers, so that an event is rewritten about three times. */
export const mergeLimits: MergeLimits = {
  tiers: [mebibyte, 8 * mebibyte, 64 * mebibyte],
  fanIn: 8,
  maxFiles: 512,
  maxBytes: 512 * mebibyte,
  maxRows: 4_000_000,
};

/**
 * The next files to put together: of one day and one tier, the most numerous first, smallest files first. Undefined when every
 * day has few files of each size.
 */
export function planMerge(
  files: readonly FileRecord[],
  limits: MergeLimits = mergeLimits,
): readonly FileRecord[] | undefined {
  const groups = new Map<string, FileRecord[]>();
  for (const file of files) {
    const tier = limits.tiers.findIndex((bound) => file.bytes < bound);
    if (tier === -1) continue;
    const key = `${file.eventDay}/${tier}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  for (const group of [...groups.values()].toSorted((x, y) => y.length - x.length)) {
    const taken = fitting(group, limits);
    if (taken.length >= limits.fanIn) return taken;
  }
  return undefined;
}

function fitting(files: readonly FileRecord[], { maxFiles, maxBytes, maxRows }: MergeLimits): readonly FileRecord[] {
  const taken: FileRecord[] = [];
  let bytes = 0;
  let rows = 0;
  for (const file of files.toSorted((x, y) => x.bytes - y.bytes)) {
    bytes += file.bytes;
    rows += file.rows;
    if (taken.length === maxFiles || bytes > maxBytes || rows > maxRows) break;
    taken.push(file);
  }
  return taken;
}
