import { createHash } from "node:crypto";
import type { SqliteDatabase } from "./sqlite-database.ts";
import type {
  CommitRecord,
  FileRecord,
  StoreCatalog,
  StoreCommit,
  StoreCounter,
  StoreSnapshot,
} from "./store-catalog.ts";

export interface StoredFile {
  readonly path: string;
  readonly store_id: string;
  readonly event_day: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly min_event_id: string;
  readonly max_event_id: string;
  readonly min_event_time: number;
  readonly max_event_time: number;
}

interface Head {
  readonly version: number;
  readonly content_version: number;
  readonly chain: string;
}

/** Thrown inside a commit's transaction to roll it back. */
class Conflict extends Error {}

/** The tables of stores in SQLite: files, commits, intents and leases. */
export function sqliteStore(db: SqliteDatabase): StoreCatalog {
  const leases = leaseObservations();
  return {
    snapshot: async (storeId) => db.transaction(() => snapshotAt(db, storeId)),

    commit: async (change) => {
      try {
        return { kind: "committed", version: db.transaction(() => commitStore(db, change)) };
      } catch (error) {
        if (error instanceof Conflict) return { kind: "conflict", reason: error.message };
        throw error;
      }
    },

    readCommits: async (storeId, after, limit) =>
      db.all<CommitRecord>(
        "SELECT version, kind, actions, chain, created_at AS createdAt FROM store_commit WHERE store_id = ? AND version > ? ORDER BY version LIMIT ?",
        storeId,
        after,
        limit,
      ),

    counters: async (storeId) => {
      const counters: Record<StoreCounter, number> = { stored: 0, duplicate: 0, expired: 0, unshredded: 0, purged: 0 };
      for (const { name, value } of db.all<{ name: StoreCounter; value: number }>(
        "SELECT name, value FROM counter WHERE store_id = ?",
        storeId,
      ))
        counters[name] = value;
      return counters;
    },

    addIntent: async (path, createdAt) => {
      db.run("INSERT INTO intent (path, created_at) VALUES (?, ?)", path, createdAt);
    },

    takeOldIntents: async (before) =>
      db.transaction(() => {
        db.run("UPDATE intent SET taken = 1 WHERE created_at < ?", before);
        return db
          .all<{ path: string }>("SELECT path FROM intent WHERE taken = 1 ORDER BY created_at, path")
          .map(({ path }) => path);
      }),

    removableFiles: async (before) =>
      db
        .all<{ path: string }>(
          `SELECT path FROM table_file WHERE remove_published_at < ? AND NOT EXISTS (
             SELECT 1 FROM query_store JOIN query ON query.query_id = query_store.query_id
             WHERE query_store.store_id = table_file.store_id AND (query.working = 1 OR query.status IN ('QUEUED', 'RUNNING'))
               AND query_store.version >= table_file.added_version AND query_store.version < table_file.removed_version)
             AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.store_id = table_file.store_id AND pin.version < table_file.removed_version AND pin.until > ?)
           ORDER BY remove_published_at`,
          before,
          before,
        )
        .map(({ path }) => path),

    forgetFiles: async (paths) =>
      db.transaction(() => {
        for (const path of paths) {
          db.run("DELETE FROM table_file WHERE path = ? AND removed_version IS NOT NULL", path);
          db.run("DELETE FROM intent WHERE path = ? AND taken = 1", path);
        }
      }),

    acquireLease: async (name, holder, monotonicNow, staleMs) =>
      db.transaction(() => {
        const held = db.get<{ holder: string; counter: number }>(
          "SELECT holder, counter FROM lease WHERE name = ?",
          name,
        );
        if (held === undefined) db.run("INSERT INTO lease (name, holder, counter) VALUES (?, ?, 1)", name, holder);
        else if (held.holder === holder || leases.isStale(name, holder, held, monotonicNow, staleMs)) {
          db.run("UPDATE lease SET holder = ?, counter = counter + 1 WHERE name = ?", holder, name);
        } else return false;
        return true;
      }),

    releaseLease: async (name, holder) => {
      db.run("DELETE FROM lease WHERE name = ? AND holder = ?", name, holder);
    },
  };
}

/** The files of a store at `version`, or now. Called inside a transaction. */
export function snapshotAt(db: SqliteDatabase, storeId: string, version?: number): StoreSnapshot {
  const head = readHead(db, storeId);
  const files =
    version === undefined
      ? db.all<StoredFile>(
          "SELECT * FROM table_file WHERE store_id = ? AND removed_version IS NULL ORDER BY path",
          storeId,
        )
      : db.all<StoredFile>(
          "SELECT * FROM table_file WHERE store_id = ? AND added_version <= ? AND (removed_version IS NULL OR removed_version > ?) ORDER BY path",
          storeId,
          version,
          version,
        );
  return { storeId, version: version ?? head.version, contentVersion: head.content_version, files: files.map(fileOf) };
}

/** A commit of a store, inside a transaction of the caller's; throws what rolls it back. */
export function commitStore(db: SqliteDatabase, change: StoreCommit): number {
  const { storeId, kind } = change;
  const head = readHead(db, storeId);
  // Two compactors that each checked before the other committed would each miss the other's copy of a resend.
  if (kind === "compaction" && change.basis !== head.content_version) {
    throw new Conflict(`the store has had another compaction or purge since version ${change.basis ?? "none"}`);
  }
  // Positions only name rows: exactly these are deleted, never "up to". A row that is gone was compacted or purged by another.
  for (const pos of change.journalPositions) {
    if (db.run("DELETE FROM journal WHERE pos = ? AND store_id = ?", pos, storeId) !== 1)
      throw new Conflict(`journal row ${pos} is gone`);
  }
  const version = head.version + 1;
  const removed = change.removeFiles.map((path) => removeFile(db, storeId, path, version, change.createdAt));
  for (const path of change.intents) {
    if (db.run("DELETE FROM intent WHERE path = ? AND taken = 0", path) !== 1)
      throw new Conflict(`the intent of ${path} was swept: its object may be gone`);
  }
  const announced = new Set(change.intents);
  for (const file of change.addFiles) {
    if (!announced.has(file.path))
      throw new Conflict(`file ${file.path} was never announced: the sweeper could not know of it`);
    addFile(db, file, version);
  }
  for (const [name, value] of Object.entries(change.counts ?? {})) {
    if (value === 0) continue;
    db.run(
      "INSERT INTO counter (store_id, name, value) VALUES (?, ?, ?) ON CONFLICT (store_id, name) DO UPDATE SET value = counter.value + excluded.value",
      storeId,
      name,
      value,
    );
  }
  const purged = change.counts?.purged ?? 0;
  if (purged > 0)
    db.run(
      "UPDATE purge SET rows = rows + ?, files = files + ? WHERE store_id = ? AND stage IN ('journal', 'files')",
      purged,
      change.removeFiles.length,
      storeId,
    );
  const actions = JSON.stringify({
    storeId,
    version,
    kind,
    createdAt: change.createdAt,
    add: change.addFiles,
    remove: removed,
  });
  const chain = createHash("sha256").update(head.chain).update("\n").update(actions).digest("hex");
  db.run(
    "INSERT INTO store_commit (store_id, version, kind, actions, chain, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    storeId,
    version,
    kind,
    actions,
    chain,
    change.createdAt,
  );
  const contentVersion = kind === "compaction" || kind === "purge" ? version : head.content_version;
  db.run(
    `INSERT INTO store_head (store_id, version, content_version, chain) VALUES (?, ?, ?, ?)
     ON CONFLICT (store_id) DO UPDATE SET version = excluded.version, content_version = excluded.content_version, chain = excluded.chain`,
    storeId,
    version,
    contentVersion,
    chain,
  );
  return version;
}

export function readHead(db: SqliteDatabase, storeId: string): Head {
  const head = db.get<Head>("SELECT version, content_version, chain FROM store_head WHERE store_id = ?", storeId);
  return head ?? { version: 0, content_version: 0, chain: "" };
}

function removeFile(
  db: SqliteDatabase,
  storeId: string,
  path: string,
  version: number,
  at: number,
): { path: string; sha256: string; rows: number } {
  const file = db.get<StoredFile>(
    "SELECT * FROM table_file WHERE path = ? AND store_id = ? AND removed_version IS NULL",
    path,
    storeId,
  );
  if (file === undefined) throw new Conflict(`file ${path} is no longer in the store`);
  db.run("UPDATE table_file SET removed_version = ?, removed_at = ? WHERE path = ?", version, at, path);
  return { path, sha256: file.sha256, rows: file.rows };
}

function addFile(db: SqliteDatabase, file: FileRecord, version: number): void {
  db.run(
    `INSERT INTO table_file (path, store_id, event_day, rows, bytes, sha256, min_event_id, max_event_id, min_event_time, max_event_time, added_version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    file.path,
    file.storeId,
    file.eventDay,
    file.rows,
    file.bytes,
    file.sha256,
    file.minEventId,
    file.maxEventId,
    file.minEventTime,
    file.maxEventTime,
    version,
  );
}

export function fileOf(row: StoredFile): FileRecord {
  return {
    path: row.path,
    storeId: row.store_id,
    eventDay: row.event_day,
    rows: row.rows,
    bytes: row.bytes,
    sha256: row.sha256,
    minEventId: row.min_event_id,
    maxEventId: row.max_event_id,
    minEventTime: row.min_event_time,
    maxEventTime: row.max_event_time,
  };
}

/** Since when each would-be thief has seen a lease's counter stand still, on the thief's own monotonic clock. */
function leaseObservations(): {
  isStale(
    name: string,
    thief: string,
    held: { holder: string; counter: number },
    now: number,
    staleMs: number,
  ): boolean;
} {
  const seen = new Map<string, { readonly state: string; readonly since: number }>();
  return {
    isStale(name, thief, held, now, staleMs) {
      const key = `${name}\0${thief}`;
      const state = `${held.holder}\0${held.counter}`;
      const before = seen.get(key);
      if (before?.state === state) return now - before.since >= staleMs;
      seen.set(key, { state, since: now });
      return false;
    },
  };
}
