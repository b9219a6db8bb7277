import { TributaryError } from "@tributary/schema";
import type { DeliveryStatus, QueryCatalog, QueryRecord, QueryStatus } from "./query-catalog.ts";
import { parsed, type SqliteDatabase } from "./sqlite-database.ts";
import { snapshotAt } from "./sqlite-store.ts";

/** Columns that moveQuery may set. */
const patchable = [
  ["status", "status"],
  ["startedAt", "started_at"],
  ["finishedAt", "finished_at"],
  ["errorMessage", "error_message"],
  ["eventsMatched", "events_matched"],
  ["eventsScanned", "events_scanned"],
  ["bytesScanned", "bytes_scanned"],
  ["resultRows", "result_rows"],
  ["resultBytes", "result_bytes"],
] as const;

const active = "('QUEUED', 'RUNNING')";
const ended = "('FINISHED', 'FAILED', 'CANCELLED', 'TIMED_OUT')";

/** Rows that a query still waits for. */
const waiting = `SELECT 1 FROM journal WHERE journal.store_id = query_store.store_id AND journal.pos <= query_store.bound`;

/** Queries, what they wait for and what they pin, in SQLite. */
export function sqliteQuery(db: SqliteDatabase): QueryCatalog {
  const unready = (queryId: string): string[] =>
    db
      .all<{ store_id: string }>(
        `SELECT store_id FROM query_store WHERE query_id = ? AND version IS NULL AND EXISTS (${waiting}) ORDER BY store_id`,
        queryId,
      )
      .map(({ store_id }) => store_id);

  return {
    startQuery: async (query, maxActive) =>
      db.transaction(() => {
        const count =
          db.get<{ n: number }>(
            `SELECT COUNT(*) AS n FROM query WHERE account_id = ? AND status IN ${active}`,
            query.accountId,
          )?.n ?? 0;
        if (count >= maxActive) return "limit";
        if (query.storeIds.some((storeId) => isInactive(db, storeId))) return "inactive";
        insertQuery(db, query);
        for (const storeId of query.storeIds) {
          // B is what this statement sees: whatever was acknowledged before StartQuery is among it.
          db.run(
            "INSERT INTO query_store (query_id, store_id, bound) SELECT ?, ?, COALESCE((SELECT MAX(pos) FROM journal WHERE store_id = ?), 0)",
            query.queryId,
            storeId,
            storeId,
          );
        }
        return "queued";
      }),

    readyQuery: async (queryId) => {
      // Looked at without the write lock first: a waiting query asks often.
      const before = unready(queryId);
      if (before.length > 0 && isActive(db, queryId)) return { kind: "waiting", storeIds: before };
      // Made ready again after a crash of the machine.
      return db.unsynced(() =>
        db.transaction(() => {
          if (!isActive(db, queryId)) {
            throw new TributaryError(`Query ${queryId} is unknown or has ended; start it again.`, {
              code: "QUERY_NOT_ACTIVE",
            });
          }
          const storeIds = unready(queryId);
          if (storeIds.length > 0) return { kind: "waiting", storeIds } as const;
          // In the snapshot that saw no row left, so that no later commit can take a file away before it is pinned.
          db.run(
            "UPDATE query_store SET version = COALESCE((SELECT version FROM store_head WHERE store_head.store_id = query_store.store_id), 0) WHERE query_id = ? AND version IS NULL",
            queryId,
          );
          const pins = db.all<{ store_id: string; version: number }>(
            "SELECT store_id, version FROM query_store WHERE query_id = ? ORDER BY store_id",
            queryId,
          );
          return {
            kind: "ready",
            snapshots: pins.map(({ store_id, version }) => snapshotAt(db, store_id, version)),
          } as const;
        }),
      );
    },

    moveQuery: async (queryId, from, patch) => {
      const columns: string[] = [];
      const values: (string | number)[] = [];
      for (const [key, column] of patchable) {
        const value = patch[key];
        if (value === undefined) continue;
        columns.push(`${column} = ?`);
        values.push(value);
      }
      if (patch.status === "RUNNING") columns.push("working = 1");
      const states = from.map(() => "?").join(", ");
      const move = (): boolean =>
        db.run(
          `UPDATE query SET ${columns.join(", ")} WHERE query_id = ? AND status IN (${states})`,
          ...values,
          queryId,
          ...from,
        ) === 1;
      // A query that the machine's crash found at work is begun again if it is QUEUED then, and failed if it is RUNNING.
      return patch.status === "RUNNING" ? db.unsynced(move) : move();
    },

    awaitedStores: async () =>
      db
        .all<{ store_id: string }>(
          `SELECT DISTINCT store_id FROM query_store JOIN query ON query.query_id = query_store.query_id
           WHERE query.status = 'QUEUED' AND query_store.version IS NULL AND EXISTS (${waiting})
           UNION SELECT store_id FROM pin WHERE EXISTS (
             SELECT 1 FROM journal WHERE journal.store_id = pin.store_id AND journal.pos <= pin.bound)
           UNION SELECT store_id FROM purge WHERE stage = 'journal' AND EXISTS (
             SELECT 1 FROM journal WHERE journal.store_id = purge.store_id AND journal.pos <= purge.bound) ORDER BY store_id`,
        )
        .map(({ store_id }) => store_id),

    getQuery: async (queryId) => {
      const row = db.get<QueryRow>("SELECT * FROM query WHERE query_id = ?", queryId);
      return row === undefined ? undefined : queryOf(row);
    },

    listQueries: async ({ accountId, storeId, createdFrom, createdTo, status, after, limit }) => {
      const conditions = ["query_store.store_id = ?", "query.account_id = ?", "query.created_at >= ?"];
      const values: (string | number)[] = [storeId, accountId, createdFrom];
      if (createdTo !== undefined) {
        conditions.push("query.created_at <= ?");
        values.push(createdTo);
      }
      if (status !== undefined) {
        conditions.push("query.status = ?");
        values.push(status);
      }
      if (after !== undefined) {
        conditions.push("(query.created_at > ? OR (query.created_at = ? AND query.query_id > ?))");
        values.push(after.createdAt, after.createdAt, after.queryId);
      }
      const sql = `SELECT query.* FROM query JOIN query_store ON query_store.query_id = query.query_id
        WHERE ${conditions.join(" AND ")} ORDER BY query.created_at, query.query_id LIMIT ?`;
      return db.all<QueryRow>(sql, ...values, limit).map(queryOf);
    },

    endedQueries: async (endedBy, limit) =>
      db
        .all<{ query_id: string }>(
          // None ends before it is created, so the index on (status, created_at) finds them.
          `SELECT query_id FROM query WHERE status IN ${ended} AND created_at <= ? AND finished_at <= ? ORDER BY created_at LIMIT ?`,
          endedBy,
          endedBy,
          limit,
        )
        .map(({ query_id }) => query_id),

    settleQuery: async (queryId) => {
      // Settled again when the lake starts next.
      db.unsynced(() => db.run("UPDATE query SET working = 0 WHERE query_id = ?", queryId));
    },

    unsettledQueries: async () => db.all<QueryRow>("SELECT * FROM query WHERE working = 1").map(queryOf),

    deleteQuery: async (queryId) =>
      db.transaction(() => {
        if (db.run(`DELETE FROM query WHERE query_id = ? AND status IN ${ended}`, queryId) === 1)
          db.run("DELETE FROM query_store WHERE query_id = ?", queryId);
      }),

    pendingDeliveries: async () =>
      db
        .all<QueryRow>(
          "SELECT * FROM query WHERE delivery_status = 'PENDING' AND status = 'FINISHED' ORDER BY created_at, query_id",
        )
        .map(queryOf),

    endDelivery: async (queryId, status) =>
      db.run(
        "UPDATE query SET delivery_status = ? WHERE query_id = ? AND delivery_status = 'PENDING'",
        status,
        queryId,
      ) === 1,

    resultBytes: async (accountId) =>
      db.get<{ bytes: number }>(
        "SELECT COALESCE(SUM(result_bytes), 0) AS bytes FROM query WHERE account_id = ?",
        accountId,
      )?.bytes ?? 0,

    activeQueries: async () =>
      db.all<QueryRow>(`SELECT * FROM query WHERE status IN ${active} ORDER BY created_at, query_id`).map(queryOf),
  };
}

function isActive(db: SqliteDatabase, queryId: string): boolean {
  return db.get(`SELECT 1 AS found FROM query WHERE query_id = ? AND status IN ${active}`, queryId) !== undefined;
}

/** A purge may have begun, or a deletion been answered, since the caller looked. */
function isInactive(db: SqliteDatabase, storeId: string): boolean {
  return (
    db.get(
      `SELECT 1 AS found FROM event_data_store WHERE store_id = ? AND status = 'PENDING_DELETION'
       UNION ALL SELECT 1 AS found FROM purge WHERE store_id = ? AND scope = 'store'`,
      storeId,
      storeId,
    ) !== undefined
  );
}

/**
 * Ends the active queries that read a store, as FAILED with the reason; with `pinnedBefore` only those that have pinned an older
 * version of it. Called inside a transaction. Whoever runs one of them sees it and stops.
 */
export function endQueries(
  db: SqliteDatabase,
  { storeId, reason, at, pinnedBefore }: { storeId: string; reason: string; at: number; pinnedBefore?: number },
): void {
  const pinned = pinnedBefore === undefined ? "" : "AND version < ?";
  db.run(
    `UPDATE query SET status = 'FAILED', error_message = ?, finished_at = ? WHERE status IN ${active}
       AND query_id IN (SELECT query_id FROM query_store WHERE store_id = ? ${pinned})`,
    reason,
    at,
    storeId,
    ...(pinnedBefore === undefined ? [] : [pinnedBefore]),
  );
}

function insertQuery(db: SqliteDatabase, query: QueryRecord): void {
  db.run(
    `INSERT INTO query (query_id, account_id, caller_arn, statement, store_ids, status, created_at, started_at, finished_at, error_message,
       events_matched, events_scanned, bytes_scanned, result_rows, result_bytes, owner_account_ids, delivery_s3_uri, delivery_status)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    query.queryId,
    query.accountId,
    query.callerArn,
    query.statement,
    JSON.stringify(query.storeIds),
    query.status,
    query.createdAt,
    query.startedAt ?? null,
    query.finishedAt ?? null,
    query.errorMessage ?? null,
    query.eventsMatched ?? null,
    query.eventsScanned ?? null,
    query.bytesScanned ?? null,
    query.resultRows ?? null,
    query.resultBytes ?? null,
    query.ownerAccountIds === undefined ? null : JSON.stringify(query.ownerAccountIds),
    query.deliveryS3Uri ?? null,
    query.deliveryStatus ?? null,
  );
}

interface QueryRow {
  readonly query_id: string;
  readonly account_id: string;
  readonly caller_arn: string;
  readonly statement: string;
  readonly store_ids: string;
  readonly status: QueryStatus;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly error_message: string | null;
  readonly events_matched: number | null;
  readonly events_scanned: number | null;
  readonly bytes_scanned: number | null;
  readonly result_rows: number | null;
  readonly result_bytes: number | null;
  readonly owner_account_ids: string | null;
  readonly delivery_s3_uri: string | null;
  readonly delivery_status: DeliveryStatus | null;
}

function queryOf(row: QueryRow): QueryRecord {
  return {
    queryId: row.query_id,
    accountId: row.account_id,
    callerArn: row.caller_arn,
    statement: row.statement,
    storeIds: parsed<readonly string[]>(row.store_ids),
    status: row.status,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    errorMessage: row.error_message ?? undefined,
    eventsMatched: row.events_matched ?? undefined,
    eventsScanned: row.events_scanned ?? undefined,
    bytesScanned: row.bytes_scanned ?? undefined,
    resultRows: row.result_rows ?? undefined,
    resultBytes: row.result_bytes ?? undefined,
    ownerAccountIds: row.owner_account_ids === null ? undefined : parsed<readonly string[]>(row.owner_account_ids),
    deliveryS3Uri: row.delivery_s3_uri ?? undefined,
    deliveryStatus: row.delivery_status ?? undefined,
  };
}
