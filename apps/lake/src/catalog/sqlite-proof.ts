import type { FileHistory, ProofCatalog, StoreHead } from "./proof-catalog.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { fileOf, readHead, snapshotAt, type StoredFile } from "./sqlite-store.ts";

interface StoredHistory extends StoredFile {
  readonly added_version: number;
  readonly added_at: number | null;
  readonly removed_version: number | null;
  readonly removed_at: number | null;
}

/** What proofs, exports and backups read, and the pins that hold files for them, in SQLite. */
export function sqliteProof(db: SqliteDatabase): ProofCatalog {
  return {
    storeHeads: async () =>
      db.all<StoreHead>("SELECT store_id AS storeId, version, chain FROM store_head ORDER BY store_id"),

    storeIds: async () =>
      db
        .all<{ store_id: string }>(
          `SELECT store_id FROM event_data_store UNION SELECT store_id FROM store_head UNION SELECT store_id FROM store_commit
           UNION SELECT store_id FROM table_file UNION SELECT store_id FROM journal ORDER BY store_id`,
        )
        .map(({ store_id }) => store_id),

    storeProof: async (storeId) =>
      db.transaction(() => {
        const { version, content_version, chain } = readHead(db, storeId);
        const files = db
          .all<StoredHistory>(
            `SELECT table_file.*, store_commit.created_at AS added_at FROM table_file
             LEFT JOIN store_commit ON store_commit.store_id = table_file.store_id AND store_commit.version = added_version
             WHERE table_file.store_id = ? ORDER BY path`,
            storeId,
          )
          .map(historyOf);
        return { storeId, version, contentVersion: content_version, chain, files };
      }),

    objectState: async (path) => {
      // One statement, so that a commit between two looks cannot hide an intent that has just become a file.
      const found = db.get<{ state: "live" | "removed" | "announced" }>(
        `SELECT CASE WHEN removed_version IS NULL THEN 'live' ELSE 'removed' END AS state FROM table_file WHERE path = ?
         UNION ALL SELECT 'announced' AS state FROM intent WHERE path = ?`,
        path,
        path,
      );
      return found?.state;
    },

    pinStores: async (pinId, storeIds, { now, until, drain = false }) =>
      db.transaction(() => {
        db.run("DELETE FROM pin WHERE until < ?", now);
        const bound = drain ? "COALESCE((SELECT MAX(pos) FROM journal WHERE store_id = ?), 0)" : "0";
        for (const storeId of storeIds)
          db.run(
            `INSERT INTO pin (pin_id, store_id, version, until, bound) SELECT ?, ?, ?, ?, ${bound}`,
            pinId,
            storeId,
            readHead(db, storeId).version,
            until,
            ...(drain ? [storeId] : []),
          );
      }),

    readyPin: async (pinId) => {
      const waiting = (): string[] =>
        db
          .all<{ store_id: string }>(
            `SELECT store_id FROM pin WHERE pin_id = ? AND EXISTS (
               SELECT 1 FROM journal WHERE journal.store_id = pin.store_id AND journal.pos <= pin.bound) ORDER BY store_id`,
            pinId,
          )
          .map(({ store_id }) => store_id);
      const before = waiting();
      if (before.length > 0) return { kind: "waiting", storeIds: before };
      return db.transaction(() => {
        const storeIds = waiting();
        if (storeIds.length > 0) return { kind: "waiting", storeIds } as const;
        const pinned = db.all<{ store_id: string }>(
          "SELECT store_id FROM pin WHERE pin_id = ? ORDER BY store_id",
          pinId,
        );
        return { kind: "ready", snapshots: pinned.map(({ store_id }) => snapshotAt(db, store_id)) } as const;
      });
    },

    extendPin: async (pinId, until) => db.run("UPDATE pin SET until = ? WHERE pin_id = ?", until, pinId) > 0,

    unpin: async (pinId) => {
      db.run("DELETE FROM pin WHERE pin_id = ?", pinId);
    },
  };
}

function historyOf(row: StoredHistory): FileHistory {
  return {
    ...fileOf(row),
    addedVersion: row.added_version,
    addedAt: row.added_at ?? undefined,
    removedVersion: row.removed_version ?? undefined,
    removedAt: row.removed_at ?? undefined,
  };
}
