import { accessSync, closeSync, constants, existsSync, fsyncSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import type { Clock } from "../clock.ts";
import type { Catalog } from "./catalog.ts";
import { refuseNetworkFileSystem } from "./network-file-system.ts";
import { openReadOnly } from "./open-read-only.ts";
import { sqliteControl } from "./sqlite-control.ts";
import { SqliteDatabase } from "./sqlite-database.ts";
import { sqliteJournal } from "./sqlite-journal.ts";
import { sqliteProof } from "./sqlite-proof.ts";
import { sqlitePublication } from "./sqlite-publication.ts";
import { sqlitePurge } from "./sqlite-purge.ts";
import { sqliteQuery } from "./sqlite-query.ts";
import { applicationId, formatVersion, schema } from "./sqlite-schema.ts";
import { sqliteStore } from "./sqlite-store.ts";

export interface SqliteCatalogOptions {
  /** The one database file, or `:memory:`. Its directory must exist, on a local disk. */
  readonly file: string;
  readonly clock: Clock;
  /** FULL, the default, syncs the write-ahead log at each commit. OFF loses what was acknowledged and is for the tests that show it. */
  readonly synchronous?: "FULL" | "OFF" | undefined;
}

/** The catalog in SQLite, with what only a file needs. */
export interface SqliteCatalog extends Catalog {
  /** Moves the write-ahead log into the file as far as readers allow. The care process calls it; an append only does above 256 MB of log. */
  checkpoint(): void;
  /** SQLite's own check of the whole file; what it found, at most a hundred findings, none when it is sound. */
  integrity(): readonly string[];
  /** Moves the whole log into the file and empties it; false when a reader or writer was in the way. The end of a purge. */
  truncateLog(): boolean;
}

/** 256 MB of pages of 4 KiB. */
const checkpointPages = 65_536;

/**
 * Opens or makes the catalog in one SQLite file (WAL, synchronous=FULL), mode 0600. A file of another format is refused untouched
 * (`CATALOG_FORMAT`), a network file system too (`DATA_DIRECTORY_ON_NETWORK`).
 */
export async function openSqliteCatalog(options: SqliteCatalogOptions): Promise<SqliteCatalog> {
  const { file, clock } = options;
  if (file !== ":memory:") prepareFile(file);
  const raw = new DatabaseSync(file, { timeout: 10_000, enableForeignKeyConstraints: false });
  const db = new SqliteDatabase(raw);
  try {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(`PRAGMA synchronous = ${options.synchronous === "OFF" ? "OFF" : "FULL"}`);
    db.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
    db.exec("PRAGMA journal_size_limit = 268435456");
    // What is deleted is overwritten with zeros: a purge could not reach it any more.
    db.exec("PRAGMA secure_delete = ON");
    db.transaction(() => createTables(db));
  } catch (error) {
    db.close();
    throw isLocked(error) ? catalogLocked(file, error) : error;
  }
  return {
    ...sqliteControl(db, () => clock.now()),
    ...sqliteJournal(db),
    ...sqliteStore(db),
    ...sqliteQuery(db),
    ...sqliteProof(db),
    ...sqlitePublication(db),
    ...sqlitePurge(db, () => clock.now()),
    checkpoint: () => {
      db.get("PRAGMA wal_checkpoint(PASSIVE)");
    },
    truncateLog: () => db.get<{ busy: number }>("PRAGMA wal_checkpoint(TRUNCATE)")?.busy === 0,
    integrity: () =>
      db
        .all<{ integrity_check: string }>("PRAGMA integrity_check(100)")
        .map(({ integrity_check }) => integrity_check)
        .filter((found) => found !== "ok"),
    close: async () => db.close(),
  };
}

function isLocked(error: unknown): boolean {
  return [error, error instanceof Error ? error.cause : undefined].some(
    (one) => one instanceof Error && /database is locked/.test(one.message),
  );
}

function catalogLocked(file: string, cause: unknown): TributaryError {
  return new TributaryError(
    `Another process has held the write lock of ${file} for ten seconds: one that is suspended, or whose disk does not answer. End it, or let it go on, and start again.`,
    { code: "CATALOG_LOCKED", retryable: true, cause },
  );
}

function createTables(db: SqliteDatabase): void {
  const tables = db.get<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master")?.n ?? 0;
  if (tables > 0) return;
  db.exec(schema);
  db.exec(`PRAGMA application_id = ${applicationId}`);
  db.exec(`PRAGMA user_version = ${formatVersion}`);
}

/** Makes the file with its mode and a durable directory entry, or checks the format of an existing one without writing. */
function prepareFile(file: string): void {
  refuseNetworkFileSystem(dirname(file));
  if (!existsSync(file)) {
    closeSync(openSync(file, "a", 0o600));
    syncDirectory(dirname(file));
    // The data directory may be as new as the file.
    syncDirectory(dirname(dirname(resolve(file))));
    return;
  }
  const stats = statSync(file);
  if (!stats.isFile()) throw otherFormat(file, "it is no file");
  // SQLite would open it all the same, and fail at its first write.
  accessSync(file, constants.R_OK | constants.W_OK);
  if (stats.size > 0) refuseOtherFormat(file);
}

/** Throws `CATALOG_FORMAT`, and writes nothing, for a file that is no catalog of this release. One without tables is none yet. */
export function refuseOtherFormat(file: string): void {
  const refuse = (found: string, cause?: unknown): TributaryError => otherFormat(file, found, cause);
  let found: { id: number; version: number; tables: number };
  const db = new SqliteDatabase(openReadOnly(file));
  try {
    found = {
      id: db.get<{ application_id: number }>("PRAGMA application_id")?.application_id ?? 0,
      version: db.get<{ user_version: number }>("PRAGMA user_version")?.user_version ?? 0,
      tables: db.get<{ n: number }>("SELECT COUNT(*) AS n FROM sqlite_master")?.n ?? 0,
    };
  } catch (cause) {
    throw refuse("it is not a SQLite database, or damaged", cause);
  } finally {
    db.close();
  }
  // A crash right after the file was made leaves a database without tables.
  if (found.tables === 0 && found.id === 0 && found.version === 0) return;
  if (found.id !== applicationId) throw refuse("another application's database");
  if (found.version !== formatVersion) throw refuse(`format ${found.version}`);
}

function otherFormat(file: string, found: string, cause?: unknown): TributaryError {
  return new TributaryError(
    `${file} is not a catalog of this release (${found}, this release reads format ${formatVersion}); it was left as it is. Start the release that wrote it, or name another data directory.`,
    { code: "CATALOG_FORMAT", cause },
  );
}

function syncDirectory(directory: string): void {
  if (process.platform === "win32") return; // Windows has no handle of a directory to sync.
  const handle = openSync(directory, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
