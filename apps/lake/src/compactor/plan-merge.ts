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

/** Files to become one. */
export interface MergePlan {
  readonly files: readonly FileRecord[];
  /** Whether to take the time to write them small: they will never be rewritten, unless with what comes late. */
  readonly tight: boolean;
}

/**
 * The next files to put together: of one day and one tier, the most numerous first, smallest files first; then what is left of
 * days that are over. Undefined when every day has few files of each size.
 * @param overBefore `YYYY-MM-DD`: earlier days get hardly any more events, so that their files take their final form
 */
export function planMerge(
  files: readonly FileRecord[],
  limits: MergeLimits = mergeLimits,
  overBefore = "",
): MergePlan | undefined {
  return planTiers(files, limits) ?? planDaysOver(files, limits, overBefore);
}

/** The day before which days are over: a day after its end, when nearly all late records have come. */
export function daysOverBefore(now: number): string {
  return new Date(now - 86_400_000).toISOString().slice(0, 10);
}

/** The path of a merged file. Its name tells whether it was written tight: nothing else about a file is known for ever. */
export function mergedPath(storeId: string, eventDay: string, id: string, { tight }: Pick<MergePlan, "tight">): string {
  return `tables/${storeId}/eventday=${eventDay}/${id}${tight ? tightSuffix : ""}.parquet`;
}

const tightSuffix = "-tight";
const isTight = (file: FileRecord): boolean => file.path.endsWith(`${tightSuffix}.parquet`);
const sizeOf = (files: readonly FileRecord[]): number => files.reduce((sum, file) => sum + file.bytes, 0);

function planTiers(files: readonly FileRecord[], limits: MergeLimits): MergePlan | undefined {
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
    // A file below the last tier is rewritten once more: with others, or when its day is over.
    if (taken.length >= limits.fanIn) return { files: taken, tight: sizeOf(taken) >= (limits.tiers.at(-1) ?? 0) };
  }
  return undefined;
}

/** Files of one day that is over, below the last tier: all of them, or the small ones until they are worth the large one. */
function planDaysOver(files: readonly FileRecord[], limits: MergeLimits, overBefore: string): MergePlan | undefined {
  const bound = limits.tiers.at(-1) ?? 0;
  const over = files.filter((file) => file.eventDay < overBefore && file.bytes < bound);
  for (const eventDay of new Set(over.map((file) => file.eventDay))) {
    let taken = fitting(
      over.filter((file) => file.eventDay === eventDay),
      limits,
    );
    // A late event must not rewrite a day: every file is at most eight times what the smaller ones have together.
    while (taken.length > 1 && taken.at(-1)!.bytes > worthwhile * sizeOf(taken.slice(0, -1)))
      taken = taken.slice(0, -1);
    const [only, ...more] = taken;
    if (only !== undefined && (more.length > 0 || (!isTight(only) && only.bytes >= worthTightening)))
      return { files: taken, tight: true };
  }
  return undefined;
}

const worthwhile = 8;
/** A tenth less of so little is not worth a commit. */
const worthTightening = 256 * 1024;

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
