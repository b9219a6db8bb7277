import { closeSync, fsyncSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { StoreHead } from "./proof-catalog.ts";
import type { Checkpoint } from "./publication-catalog.ts";
import { SqliteDatabase } from "./sqlite-database.ts";

/** What a copy of the catalog names. */
export interface CatalogCopy {
  readonly heads: readonly StoreHead[];
  readonly storeIds: readonly string[];
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  /** Of the published logs. */
  readonly checkpoints: readonly (Pick<Checkpoint, "version" | "bytes" | "sha256"> & { readonly storeId: string })[];
  /** Queries that may have a result. */
  readonly queryIds: readonly string[];
}

/**
 * Copies a catalog that may be in use, at one moment, to a file that must not exist, mode 0600. What belongs to the running
 * lake alone is left out: announcements, leases, pins, and the rows of files that were removed. Those whose removal is not
 * published stay, though their objects are in no backup: the table as it was at an earlier version is made of them.
 */
export function copyCatalog(source: string, target: string): CatalogCopy {
  // SQLite writes into an empty file, and so with its mode.
  closeSync(openSync(target, "wx", 0o600));
  const original = new DatabaseSync(source, { timeout: 10_000, enableForeignKeyConstraints: false });
  try {
    original.prepare("VACUUM INTO ?").run(target);
  } finally {
    original.close();
  }
  return withCopy(target, (db) =>
    db.transaction(() => {
      for (const table of ["intent", "lease", "pin"]) db.run(`DELETE FROM ${table}`);
      db.run(
        `DELETE FROM table_file WHERE removed_version <=
           COALESCE((SELECT published FROM publication WHERE publication.store_id = table_file.store_id), 0)`,
      );
      // A queued query finds its version anew: that of before may need removed files.
      db.run("UPDATE query_store SET version = NULL");
      return {
        heads: db.all<StoreHead>("SELECT store_id AS storeId, version, chain FROM store_head ORDER BY store_id"),
        storeIds: db
          .all<{ store_id: string }>(
            "SELECT store_id FROM event_data_store UNION SELECT store_id FROM store_head ORDER BY store_id",
          )
          .map(({ store_id }) => store_id),
        files: db.all<CatalogCopy["files"][number]>(
          "SELECT path, bytes, sha256 FROM table_file WHERE removed_version IS NULL ORDER BY path",
        ),
        checkpoints: db.all<CatalogCopy["checkpoints"][number]>(
          "SELECT store_id AS storeId, version, bytes, sha256 FROM publication_checkpoint ORDER BY store_id, version",
        ),
        queryIds: db
          .all<{ query_id: string }>(
            "SELECT query_id FROM query WHERE status IN ('FINISHED', 'TIMED_OUT') ORDER BY query_id",
          )
          .map(({ query_id }) => query_id),
      };
    }),
  );
}

/** What the lake deleted while its copy was made. */
export interface LostMeanwhile {
  /** Of results. */
  readonly queryIds: readonly string[];
  /** Versions of a store's published log before it were cleaned up. */
  readonly cleaned: ReadonlyMap<string, number>;
}

/** Takes out of a copy what was deleted while it was made, and makes the file durable. */
export function sealCopy(target: string, { queryIds, cleaned }: LostMeanwhile): void {
  withCopy(target, (db) => {
    for (const queryId of queryIds)
      for (const table of ["query", "query_store"]) db.run(`DELETE FROM ${table} WHERE query_id = ?`, queryId);
    for (const [storeId, before] of cleaned)
      db.run(
        "UPDATE publication SET cleaned = ? WHERE store_id = ? AND cleaned < ? AND published >= ?",
        before,
        storeId,
        before,
        before,
      );
  });
  const handle = openSync(target, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function withCopy<T>(target: string, work: (db: SqliteDatabase) => T): T {
  const db = new SqliteDatabase(new DatabaseSync(target, { enableForeignKeyConstraints: false }));
  try {
    return work(db);
  } finally {
    db.close();
  }
}
