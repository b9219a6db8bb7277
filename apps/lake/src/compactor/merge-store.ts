import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { FileRecord } from "../catalog/store-catalog.ts";
import type { Clock } from "../clock.ts";
import type { Objects } from "../objects/objects.ts";
import { daysOverBefore, mergedPath, mergeLimits, type MergeLimits, planMerge } from "./plan-merge.ts";
import type { Shredder } from "./shredder.ts";

/** What a merge needs, and no more. */
export interface MergePorts {
  readonly catalog: Pick<Catalog, "snapshot" | "addIntent" | "commit">;
  readonly objects: Pick<Objects, "put" | "stage">;
  readonly shredder: Pick<Shredder, "merge">;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
}

export type Merge =
  /** Every day has few files of each size. */
  | { readonly kind: "idle" }
  /** A file was removed meanwhile; nothing changed. Try again from the start. */
  | { readonly kind: "conflict"; readonly reason: string }
  | {
      readonly kind: "merged";
      readonly eventDay: string;
      readonly files: number;
      readonly rows: number;
      readonly bytes: number;
      readonly duplicates: number;
    };

/**
 * Puts small files of one day of a store together; of a day that is over, whatever it has, written tight. It removes exactly the files that it read, or nothing: so it runs beside
 * compactions, which only add files, and never brings back what retention or a purge took away meanwhile.
 */
export async function mergeStore(
  { catalog, objects, shredder, clock, newId }: MergePorts,
  storeId: string,
  limits: MergeLimits = mergeLimits,
  signal?: AbortSignal,
): Promise<Merge> {
  const plan = planMerge((await catalog.snapshot(storeId)).files, limits, daysOverBefore(clock.now()));
  if (plan === undefined) return { kind: "idle" };
  const { files, tight } = plan;
  const eventDay = files[0]!.eventDay;
  const paths: string[] = [];
  for (const { path } of files) paths.push(await objects.stage(path));
  const merged = await shredder.merge(paths, { signal, tight });
  try {
    const { rows, duplicates, bytes, sha256, content } = merged;
    const read = files.reduce((sum, file) => sum + file.rows, 0);
    if (rows + duplicates !== read) {
      throw new TributaryError(
        `A merge of ${files.length} files of store ${storeId} read ${read} events and accounts for ${rows + duplicates}; nothing was changed. This is a defect: report it.`,
        { code: "MERGE_COUNT" },
      );
    }
    const path = mergedPath(storeId, eventDay, newId(), plan);
    await catalog.addIntent(path, clock.now());
    await objects.put(path, content);
    const committed = await catalog.commit({
      storeId,
      kind: "merge",
      journalPositions: [],
      addFiles: [{ path, storeId, eventDay, rows, bytes, sha256, ...rangesOf(files) }],
      removeFiles: files.map((file) => file.path),
      intents: [path],
      counts: { stored: -duplicates, duplicate: duplicates },
      createdAt: clock.now(),
    });
    if (committed.kind === "conflict") return committed;
    return { kind: "merged", eventDay, files: files.length, rows, bytes, duplicates };
  } finally {
    await merged.close();
  }
}

/** A duplicate that went has its like in the file, so the ranges of the whole stay what they were. */
function rangesOf(
  files: readonly FileRecord[],
): Pick<FileRecord, "minEventId" | "maxEventId" | "minEventTime" | "maxEventTime"> {
  const { minEventId, maxEventId, minEventTime, maxEventTime } = files[0]!;
  const ranges = { minEventId, maxEventId, minEventTime, maxEventTime };
  for (const file of files) {
    if (file.minEventId < ranges.minEventId) ranges.minEventId = file.minEventId;
    if (file.maxEventId > ranges.maxEventId) ranges.maxEventId = file.maxEventId;
    ranges.minEventTime = Math.min(ranges.minEventTime, file.minEventTime);
    ranges.maxEventTime = Math.max(ranges.maxEventTime, file.maxEventTime);
  }
  return ranges;
}
