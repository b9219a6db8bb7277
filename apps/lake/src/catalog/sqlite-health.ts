import { statSync } from "node:fs";
import { openReadOnly } from "./open-read-only.ts";
import { refuseOtherFormat } from "./sqlite-catalog.ts";
import { SqliteDatabase } from "./sqlite-database.ts";

/** What a catalog's file says of the lake's state. Times are ms since 1970. */
export interface CatalogHealth {
  readonly sealedDataKey?: string | undefined;
  /** What waits in the journal for compaction. */
  readonly waiting: {
    readonly events: number;
    readonly bytes: number;
    readonly oldest?: number;
    readonly newest?: number;
  };
  /** Of the last commit of any store. */
  readonly lastCommit?: number | undefined;
  /** Of the write-ahead log. */
  readonly logBytes: number;
}

/**
 * Looks into a catalog's file without changing it, also while a lake writes it. Undefined for one that has no tables yet.
 * Throws `CATALOG_FORMAT`.
 */
export function readCatalogHealth(file: string): CatalogHealth | undefined {
  refuseOtherFormat(file);
  const db = new SqliteDatabase(openReadOnly(file));
  try {
    if (db.get<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master")?.n === 0) return undefined;
    const { oldest, newest, ...waiting } = db.get<{
      events: number;
      bytes: number;
      oldest: number | null;
      newest: number | null;
    }>(
      "SELECT COALESCE(SUM(events), 0) AS events, COALESCE(SUM(size), 0) AS bytes, MIN(created_at) AS oldest, MAX(created_at) AS newest FROM journal",
    )!;
    return {
      sealedDataKey: db.get<{ value: string }>("SELECT value FROM meta WHERE name = 'data_key'")?.value,
      waiting: { ...waiting, ...(oldest !== null && newest !== null && { oldest, newest }) },
      lastCommit:
        db.get<{ at: number | null }>(
          "SELECT MAX(created_at) AS at FROM store_commit JOIN store_head ON store_head.store_id = store_commit.store_id AND store_head.version = store_commit.version",
        )?.at ?? undefined,
      logBytes: statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    };
  } finally {
    db.close();
  }
}
