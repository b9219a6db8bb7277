import type {
  Checkpoint,
  LogToClean,
  PublicationAttempt,
  PublicationCatalog,
  PublicationState,
  PublishedState,
} from "./publication-catalog.ts";
import type { SqliteDatabase } from "./sqlite-database.ts";
import { fileOf, type StoredFile } from "./sqlite-store.ts";
import type { CommitRecord, StoreCommit } from "./store-catalog.ts";

/** `cleaned` of a store whose publication has ended: every version is before it. */
const allVersions = Number.MAX_SAFE_INTEGER;

interface PublicationRow {
  readonly published: number;
  readonly cleaned: number;
  readonly swept: number;
}

interface AttemptRow {
  readonly attempt_id: string;
  readonly first_version: number;
  readonly last_version: number;
}

const checkpointColumns = "version, actions, add_files AS addFiles, bytes, sha256";

/** The stores' publication in SQLite. */
export function sqlitePublication(db: SqliteDatabase): PublicationCatalog {
  return {
    publication: async (storeId) => db.transaction(() => stateOf(db, storeId)),

    publicationProof: async (storeId) =>
      db.transaction(() => {
        const { published, cleaned, retired } = stateOf(db, storeId);
        const checkpoints = db.all<Checkpoint>(
          `SELECT ${checkpointColumns} FROM publication_checkpoint WHERE store_id = ? ORDER BY version`,
          storeId,
        );
        const attempts = db.all<{ first: number; last: number }>(
          "SELECT first_version AS first, last_version AS last FROM publication_attempt WHERE store_id = ? ORDER BY created_at, attempt_id",
          storeId,
        );
        return { published, cleaned, retired, checkpoints, attempts };
      }),

    unpublishedStores: async () =>
      db
        .all<{ store_id: string }>(
          `SELECT store.store_id FROM (SELECT store_id FROM event_data_store UNION SELECT store_id FROM store_head) AS store
           LEFT JOIN publication ON publication.store_id = store.store_id
           LEFT JOIN store_head ON store_head.store_id = store.store_id
           WHERE publication.store_id IS NULL OR (store_head.version > publication.published AND publication.cleaned <= publication.published + 1)
           ORDER BY store.store_id`,
        )
        .map(({ store_id }) => store_id),

    announceVersions: async (attempt, checkpointEvery) =>
      db.transaction(() => {
        const { published, checkpoint, retired } = stateOf(db, attempt.storeId);
        if (retired) return undefined;
        const since = published - (checkpoint?.version ?? 0);
        const commits = db.all<CommitRecord>(
          "SELECT version, kind, actions, chain, created_at AS createdAt FROM store_commit WHERE store_id = ? AND version > ? ORDER BY version LIMIT ?",
          attempt.storeId,
          Math.max(published, 0),
          // Up to the next checkpoint; past one that failed.
          since >= 0 && since < checkpointEvery ? checkpointEvery - since : checkpointEvery,
        );
        if (published >= 0 && commits.length === 0) return undefined;
        announce(db, attempt, published + 1, commits.at(-1)?.version ?? 0);
        return { published, commits };
      }),

    recordVersions: async (attempt, published, { at, checkpointEvery }) =>
      db.transaction(() => {
        const { storeId } = attempt;
        db.run(
          `INSERT INTO publication (store_id, published, cleaned, swept) VALUES (?, ?, 0, 0)
           ON CONFLICT (store_id) DO UPDATE SET published = excluded.published WHERE publication.published < excluded.published`,
          storeId,
          published,
        );
        db.run(
          "UPDATE table_file SET remove_published_at = ? WHERE store_id = ? AND removed_version <= ? AND remove_published_at IS NULL",
          at,
          storeId,
          published,
        );
        end(db, attempt);
        return { checkpointDue: isCheckpointDue(stateOf(db, storeId), checkpointEvery) };
      }),

    announceCheckpoint: async (attempt, checkpointEvery) =>
      db.transaction(() => {
        const state = stateOf(db, attempt.storeId);
        if (!isCheckpointDue(state, checkpointEvery)) return undefined;
        announce(db, attempt, state.published, state.published);
        return tableAt(db, attempt.storeId, state.published);
      }),

    recordCheckpoint: async ({ storeId }, { version, actions, addFiles, bytes, sha256 }, at) =>
      db.transaction(() => {
        if (version >= stateOf(db, storeId).cleaned)
          db.run(
            `INSERT INTO publication_checkpoint (store_id, version, actions, add_files, bytes, sha256, written_at) VALUES (?, ?, ?, ?, ?, ?, ?)
             ON CONFLICT (store_id, version) DO NOTHING`,
            storeId,
            version,
            actions,
            addFiles,
            bytes,
            sha256,
            at,
          );
        return stateOf(db, storeId).checkpoint;
      }),

    announceHint: async (attempt) =>
      db.transaction(() => {
        const newest = stateOf(db, attempt.storeId).checkpoint;
        if (newest !== undefined) announce(db, attempt, newest.version, newest.version);
        return newest;
      }),

    recordHint: async (attempt, version) =>
      db.transaction(() => {
        const newest = stateOf(db, attempt.storeId).checkpoint;
        if (newest !== undefined && newest.version !== version) return newest;
        end(db, attempt);
        return undefined;
      }),

    logsToClean: async (writtenBefore) =>
      db.transaction(() => {
        const due = db.all<{ store_id: string; version: number }>(
          `SELECT publication.store_id, MAX(publication_checkpoint.version) AS version
           FROM publication JOIN publication_checkpoint ON publication_checkpoint.store_id = publication.store_id
           WHERE publication_checkpoint.written_at < ? AND publication_checkpoint.version > publication.cleaned
           GROUP BY publication.store_id`,
          writtenBefore,
        );
        for (const { store_id, version } of due)
          db.run("UPDATE publication SET cleaned = ? WHERE store_id = ?", version, store_id);
        return db
          .all<{ store_id: string }>(
            `SELECT store_id FROM publication WHERE (swept < cleaned AND swept <= published)
               OR EXISTS (SELECT 1 FROM publication_attempt WHERE publication_attempt.store_id = publication.store_id AND first_version < cleaned)
             ORDER BY store_id`,
          )
          .map(({ store_id }) => logOf(db, store_id));
      }),

    logCleaned: async ({ storeId, to, attempts }, givenUpBefore) =>
      db.transaction(() => {
        db.run("UPDATE publication SET swept = ? WHERE store_id = ? AND swept < ?", to, storeId, to);
        db.run("DELETE FROM publication_checkpoint WHERE store_id = ? AND version < ?", storeId, to);
        for (const { attemptId } of attempts)
          db.run(
            "DELETE FROM publication_attempt WHERE attempt_id = ? AND (ended = 1 OR created_at < ?)",
            attemptId,
            givenUpBefore,
          );
      }),

    retirePublication: async (storeId) =>
      db.transaction(() => {
        db.run(
          `INSERT INTO publication (store_id, published, cleaned, swept) VALUES (?, -1, ?, 0)
           ON CONFLICT (store_id) DO UPDATE SET cleaned = excluded.cleaned`,
          storeId,
          allVersions,
        );
        return logOf(db, storeId);
      }),
  };
}

function rowOf(db: SqliteDatabase, storeId: string): PublicationRow {
  const row = db.get<PublicationRow>("SELECT published, cleaned, swept FROM publication WHERE store_id = ?", storeId);
  return row ?? { published: -1, cleaned: 0, swept: 0 };
}

function stateOf(db: SqliteDatabase, storeId: string): PublicationState {
  const { published, cleaned } = rowOf(db, storeId);
  const checkpoint = db.get<Checkpoint>(
    `SELECT ${checkpointColumns} FROM publication_checkpoint WHERE store_id = ? AND version >= ? ORDER BY version DESC LIMIT 1`,
    storeId,
    cleaned,
  );
  return { published, cleaned, checkpoint: checkpoint && { ...checkpoint }, retired: cleaned === allVersions };
}

function isCheckpointDue({ published, checkpoint, retired }: PublicationState, checkpointEvery: number): boolean {
  return !retired && published - (checkpoint?.version ?? 0) >= checkpointEvery;
}

function logOf(db: SqliteDatabase, storeId: string): LogToClean {
  const { published, cleaned, swept } = rowOf(db, storeId);
  const retired = cleaned === allVersions;
  const to = Math.max(swept, retired ? published + 1 : cleaned);
  return {
    storeId,
    from: swept,
    to,
    checkpoints: db
      .all<{ version: number }>(
        "SELECT version FROM publication_checkpoint WHERE store_id = ? AND version < ? ORDER BY version",
        storeId,
        to,
      )
      .map(({ version }) => version),
    attempts: db
      .all<AttemptRow>(
        "SELECT attempt_id, first_version, last_version FROM publication_attempt WHERE store_id = ? AND first_version < ? ORDER BY created_at, attempt_id",
        storeId,
        cleaned,
      )
      .map(({ attempt_id, first_version, last_version }) => ({
        attemptId: attempt_id,
        first: first_version,
        last: Math.min(last_version, cleaned - 1),
      })),
    retired,
  };
}

function tableAt(db: SqliteDatabase, storeId: string, version: number): PublishedState {
  const commit = db.get<{ created_at: number }>(
    "SELECT created_at FROM store_commit WHERE store_id = ? AND version = ?",
    storeId,
    version,
  );
  if (commit === undefined) throw new Error(`store ${storeId} has no commit ${version}`);
  const files = db.all<StoredFile & { added_at: number }>(
    `SELECT table_file.*, (SELECT created_at FROM store_commit WHERE store_commit.store_id = table_file.store_id AND version = added_version) AS added_at
     FROM table_file WHERE store_id = ? AND added_version <= ? AND (removed_version IS NULL OR removed_version > ?) ORDER BY path`,
    storeId,
    version,
    version,
  );
  const removed = db.all<{ path: string; removed_at: number; kind: StoreCommit["kind"] }>(
    `SELECT path, removed_at, kind FROM table_file JOIN store_commit ON store_commit.store_id = table_file.store_id AND store_commit.version = removed_version
     WHERE table_file.store_id = ? AND removed_version <= ? ORDER BY path`,
    storeId,
    version,
  );
  return {
    version,
    createdAt: commit.created_at,
    files: files.map((file) => ({ ...fileOf(file), addedAt: file.added_at })),
    removed: removed.map(({ path, removed_at, kind }) => ({ path, removedAt: removed_at, kind })),
  };
}

function announce(db: SqliteDatabase, attempt: PublicationAttempt, first: number, last: number): void {
  db.run(
    "INSERT INTO publication_attempt (attempt_id, store_id, first_version, last_version, created_at) VALUES (?, ?, ?, ?, ?)",
    attempt.attemptId,
    attempt.storeId,
    first,
    last,
    attempt.createdAt,
  );
}

/** A try at versions that were cleaned meanwhile stays until what it wrote is deleted. */
function end(db: SqliteDatabase, { attemptId, storeId }: PublicationAttempt): void {
  const { cleaned } = rowOf(db, storeId);
  db.run("DELETE FROM publication_attempt WHERE attempt_id = ? AND first_version >= ?", attemptId, cleaned);
  db.run("UPDATE publication_attempt SET ended = 1 WHERE attempt_id = ?", attemptId);
}
