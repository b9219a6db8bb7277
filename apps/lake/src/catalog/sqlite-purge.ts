import type { PurgeCatalog, PurgeRecord, PurgeStage } from "./purge-catalog.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { endQueries } from "./sqlite-query.ts";
import { commitStore, snapshotAt } from "./sqlite-store.ts";

interface PurgeRow {
  readonly purge_id: string;
  readonly store_id: string;
  readonly scope: PurgeRecord["scope"];
  readonly stage: PurgeStage;
  readonly bound: number;
  readonly version: number;
  readonly event_ids: number;
  readonly rows: number;
  readonly files: number;
  readonly results: number;
  readonly created_at: number;
  readonly finished_at: number | null;
}

/** Queries that read a store, at an older version than the purge's when only events of it are purged. */
const purgedQuery = `query_store.store_id = ? AND (? = 'store' OR query_store.version < ?)`;

/** Purges and tombstones in SQLite. */
export function sqlitePurge(db: SqliteDatabase, now: () => number): PurgeCatalog {
  const rowOf = (purgeId: string): PurgeRow | undefined =>
    db.get<PurgeRow>("SELECT * FROM purge WHERE purge_id = ?", purgeId);
  return {
    orderEventPurge: async ({ purgeId, storeId, eventIds, createdAt }) =>
      db.transaction(() => {
        if (db.get("SELECT 1 AS found FROM event_data_store WHERE store_id = ?", storeId) === undefined) return false;
        for (const eventId of eventIds)
          db.run(
            "INSERT INTO tombstone (store_id, event_id) VALUES (?, ?) ON CONFLICT (store_id, event_id) DO NOTHING",
            storeId,
            eventId,
          );
        commitPurge(db, { storeId, journalPositions: [], removeFiles: [], createdAt });
        insertPurge(db, {
          purge_id: purgeId,
          store_id: storeId,
          scope: "events",
          stage: "journal",
          // Its own statement's view, as for a query: whatever was acknowledged before is among it.
          bound:
            db.get<{ pos: number | null }>("SELECT MAX(pos) AS pos FROM journal WHERE store_id = ?", storeId)?.pos ?? 0,
          event_ids: eventIds.length,
          created_at: createdAt,
        });
        return true;
      }),

    purges: async () => db.all<PurgeRow>("SELECT * FROM purge ORDER BY created_at, purge_id").map(purgeOf),

    advancePurge: async (purgeId, from, { stage, version, finishedAt }) =>
      db.run(
        "UPDATE purge SET stage = ?, version = COALESCE(?, version), finished_at = ? WHERE purge_id = ? AND stage = ?",
        stage,
        version ?? null,
        finishedAt ?? null,
        purgeId,
        from,
      ) === 1,

    purgeAwaitsJournal: async (purgeId) =>
      db.get(
        `SELECT 1 AS found FROM purge JOIN journal ON journal.store_id = purge.store_id AND journal.pos <= purge.bound
         WHERE purge_id = ?`,
        purgeId,
      ) !== undefined,

    tombstones: async (storeId, from, to) =>
      db
        .all<{ event_id: string }>(
          "SELECT event_id FROM tombstone WHERE store_id = ? AND event_id >= ? AND event_id <= ? ORDER BY event_id",
          storeId,
          from,
          to,
        )
        .map(({ event_id }) => event_id),

    endPurgedQueries: async (purgeId, reason) =>
      db.transaction(() => {
        const purge = rowOf(purgeId);
        if (purge === undefined) return;
        const { store_id: storeId, version } = purge;
        endQueries(db, { storeId, reason, at: now(), ...(purge.scope === "events" && { pinnedBefore: version }) });
      }),

    purgedQueries: async (purgeId) => {
      const purge = rowOf(purgeId);
      if (purge === undefined) return { ended: [], working: 0 };
      const found = db.all<{ query_id: string; working: number }>(
        `SELECT query.query_id, CASE WHEN working = 1 OR status IN ('QUEUED', 'RUNNING') THEN 1 ELSE 0 END AS working
         FROM query JOIN query_store ON query_store.query_id = query.query_id WHERE ${purgedQuery}`,
        purge.store_id,
        purge.scope,
        purge.version,
      );
      const pinned = db.all(
        "SELECT 1 AS found FROM pin WHERE store_id = ? AND until > ? AND (? = 'store' OR version < ?)",
        purge.store_id,
        now(),
        purge.scope,
        purge.version,
      );
      const ended = found.filter(({ working }) => working === 0).map(({ query_id }) => query_id);
      return { ended, working: found.length - ended.length + pinned.length };
    },

    forgetPurgedQuery: async (purgeId, queryId) =>
      db.transaction(() => {
        if (db.run("DELETE FROM query WHERE query_id = ?", queryId) !== 1) return;
        db.run("DELETE FROM query_store WHERE query_id = ?", queryId);
        db.run("UPDATE purge SET results = results + 1 WHERE purge_id = ?", purgeId);
      }),

    takePurgedFiles: async (purgeId) =>
      db.transaction(() => {
        const purge = rowOf(purgeId);
        if (purge === undefined) return [];
        const directory = `tables/${purge.store_id}/`;
        const own = "substr(path, 1, ?) = ?";
        db.run(`UPDATE intent SET taken = 1 WHERE ${own}`, directory.length, directory);
        return db
          .all<{ path: string }>(
            `SELECT path FROM intent WHERE taken = 1 AND ${own}
             UNION SELECT path FROM table_file WHERE store_id = ? AND removed_version IS NOT NULL AND (? = 'store' OR removed_version <= ?)`,
            directory.length,
            directory,
            purge.store_id,
            purge.scope,
            purge.version,
          )
          .map(({ path }) => path);
      }),

    forgetStore: async (storeId) =>
      db.transaction(() => {
        for (const table of ["store_head", "store_commit", "counter", "tombstone"])
          db.run(`DELETE FROM ${table} WHERE store_id = ?`, storeId);
        for (const lease of ["compaction", "care"]) db.run("DELETE FROM lease WHERE name = ?", `${lease}/${storeId}`);
      }),
  };
}

/** Ends a store's data with its record: nothing of it is live any more. Called inside a transaction. */
export function beginStorePurge(
  db: SqliteDatabase,
  { storeId, purgeId, createdAt }: { storeId: string; purgeId: string; createdAt: number },
): void {
  // What was ordered for some of its events ends with all of them.
  db.run("DELETE FROM purge WHERE store_id = ? AND stage <> 'done'", storeId);
  const positions = db.all<{ pos: number }>("SELECT pos FROM journal WHERE store_id = ?", storeId);
  const { files } = snapshotAt(db, storeId);
  const version = commitPurge(db, {
    storeId,
    journalPositions: positions.map(({ pos }) => pos),
    removeFiles: files.map(({ path }) => path),
    createdAt,
  });
  insertPurge(db, {
    purge_id: purgeId,
    store_id: storeId,
    scope: "store",
    stage: "queries",
    version,
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    files: files.length,
    created_at: createdAt,
  });
}

function commitPurge(
  db: SqliteDatabase,
  change: { storeId: string; journalPositions: readonly number[]; removeFiles: readonly string[]; createdAt: number },
): number {
  return commitStore(db, { ...change, kind: "purge", addFiles: [], intents: [] });
}

function insertPurge(
  db: SqliteDatabase,
  row: Partial<PurgeRow> & Pick<PurgeRow, "purge_id" | "store_id" | "scope" | "stage" | "created_at">,
): void {
  db.run(
    `INSERT INTO purge (purge_id, store_id, scope, stage, bound, version, event_ids, rows, files, results, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)`,
    row.purge_id,
    row.store_id,
    row.scope,
    row.stage,
    row.bound ?? 0,
    row.version ?? 0,
    row.event_ids ?? 0,
    row.rows ?? 0,
    row.files ?? 0,
    row.created_at,
  );
}

function purgeOf(row: PurgeRow): PurgeRecord {
  return {
    purgeId: row.purge_id,
    storeId: row.store_id,
    scope: row.scope,
    stage: row.stage,
    version: row.version,
    eventIds: row.event_ids,
    rows: row.rows,
    files: row.files,
    results: row.results,
    createdAt: row.created_at,
    ...(row.finished_at !== null && { finishedAt: row.finished_at }),
  };
}
