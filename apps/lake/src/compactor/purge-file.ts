import { TributaryError } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { FileRecord } from "../catalog/store-catalog.ts";
import type { Clock } from "../clock.ts";
import type { Objects } from "../objects/objects.ts";
import type { RewrittenFile, Shredder } from "./shredder.ts";

/** What the rewriting of a file without purged events needs, and no more. */
export interface PurgeFilePorts {
  readonly catalog: Pick<Catalog, "snapshot" | "tombstones" | "addIntent" | "commit">;
  readonly objects: Pick<Objects, "put" | "stage">;
  readonly shredder: Pick<Shredder, "rewrite">;
  readonly clock: Clock;
  /** A new UUID. */
  readonly newId: () => string;
}

export type PurgedFile =
  /** No file of the store at this version holds a purged event. */
  | { readonly kind: "clean"; readonly version: number }
  /** A file was removed meanwhile; nothing changed. Try again from the start. */
  | { readonly kind: "conflict"; readonly reason: string }
  | { readonly kind: "rewritten"; readonly rows: number };

/**
 * Writes the next file of a store that holds purged events anew without them. `checked` remembers the files that hold none: they
 * never change. Whatever a compaction or a merge commits meanwhile is looked at too, because the files are read anew each time; and
 * no compaction that looked for tombstones before the order can commit.
 */
export async function purgeFile(
  { catalog, objects, shredder, clock, newId }: PurgeFilePorts,
  storeId: string,
  checked: Set<string>,
): Promise<PurgedFile> {
  const { version, files } = await catalog.snapshot(storeId);
  for (const file of files) {
    if (checked.has(file.path)) continue;
    const eventIds = await catalog.tombstones(storeId, file.minEventId, file.maxEventId);
    if (eventIds.length > 0) {
      const rewritten = await shredder.rewrite(await objects.stage(file.path), eventIds);
      try {
        if (rewritten.dropped > 0) {
          const addFiles = await putRewritten({ catalog, objects, clock, newId }, file, rewritten);
          const committed = await catalog.commit({
            storeId,
            kind: "purge",
            journalPositions: [],
            addFiles,
            removeFiles: [file.path],
            intents: addFiles.map(({ path }) => path),
            counts: { stored: -rewritten.dropped, purged: rewritten.dropped },
            createdAt: clock.now(),
          });
          return committed.kind === "conflict" ? committed : { kind: "rewritten", rows: rewritten.dropped };
        }
      } finally {
        await rewritten.close();
      }
    }
    checked.add(file.path);
  }
  return { kind: "clean", version };
}

async function putRewritten(
  { catalog, objects, clock, newId }: Omit<PurgeFilePorts, "shredder">,
  file: FileRecord,
  { dropped, written }: RewrittenFile,
): Promise<readonly FileRecord[]> {
  const { storeId, eventDay } = file;
  if (dropped + (written?.rows ?? 0) !== file.rows)
    throw new TributaryError(
      `The purge of a file of store ${storeId} read ${file.rows} events and accounts for ${dropped + (written?.rows ?? 0)}; nothing was changed. This is a defect: report it.`,
      { code: "PURGE_COUNT" },
    );
  if (written === undefined) return [];
  const { content, ...record } = written;
  const path = `tables/${storeId}/eventday=${eventDay}/${newId()}.parquet`;
  await catalog.addIntent(path, clock.now());
  await objects.put(path, content);
  return [{ path, storeId, eventDay, ...record }];
}
