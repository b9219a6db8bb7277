import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import { diskFull } from "./disk-full.ts";
import { DiskReserve } from "./disk-reserve.ts";
import { GroupCommit } from "./group-commit.ts";
import { dayOf } from "./sent-ledger.ts";
import type { Row, SqlValue, StateDatabase, StateReads, StateTransaction } from "./state-database.ts";
import { SqliteStatements } from "./sqlite-statements.ts";
import { preparePrivateFile } from "./state-path.ts";
import { migrations, schemaVersion, stateSchema } from "./state-schema.ts";

const pageBytes = 16_384;

/** Opens (and creates) the state file. Throws `STATE_TOO_NEW` and `STATE_FOREIGN` for a file of a later version or another program, and leaves it untouched. */
export function openStateFile(path: string): StateDatabase {
  if (path === ":memory:") return memoryState().open();
  preparePrivateFile(path);
  const reserve = new DiskReserve(path);
  for (;;)
    try {
      return openWith(path, reserve);
    } catch (error) {
      // Even a log needs some room.
      if (!isFull(error) || !reserve.release()) throw error;
    }
}

/**
 * A state in memory. Each that is opened finds what those before it have committed, as a process finds the file of the last one;
 * two at a time would write into each other's transactions.
 */
export function memoryState(): { readonly connection: DatabaseSync; readonly open: () => StateDatabase } {
  const connection = new DatabaseSync(":memory:");
  // Nothing is written to a disk: small pages are less to copy for each transaction.
  prepare(connection, ":memory:", 1024);
  const statements = new SqliteStatements(connection);
  return { connection, open: () => new SqliteState(connection, undefined, statements) };
}

function openWith(path: string, reserve: DiskReserve): StateDatabase {
  const database = new DatabaseSync(path, { timeout: 5000 });
  try {
    prepare(database, path);
    // The log stays smaller than what is kept back for it.
    database.exec(`PRAGMA wal_autocheckpoint = ${Math.min(1000, Math.floor(reserve.size / 4 / pageBytes))}`);
    return new SqliteState(database, reserve);
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepare(database: DatabaseSync, path: string, newPageBytes = pageBytes): void {
  const version = versionOf(database, path);
  if (version > schemaVersion)
    throw new TributaryError(
      `${path} was written by a later version of tributary (${version} > ${schemaVersion}): update tributary.`,
      { code: "STATE_TOO_NEW" },
    );
  if (version === 0 && database.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() !== undefined)
    throw foreign(path, "it is another program's database");
  // Only a new file takes the page size: of chunks of 100 kB and more a quarter of the pages are written.
  database.exec(`PRAGMA page_size = ${newPageBytes}; PRAGMA cache_size = -32768`);
  // FULL: a commit is on stable storage when it returns, also after power loss.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
  if (version === 0) database.exec(`BEGIN IMMEDIATE; ${stateSchema}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
  else if (version < schemaVersion) {
    database.function("day_of", (key) => (key instanceof Uint8Array ? dayOf(key) : 0));
    const steps = migrations.slice(version - 1).join(";");
    database.exec(`BEGIN IMMEDIATE; ${steps}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
  }
}

/** Opens a state file to look at it, beside a running forwarder too. Throws `STATE_VERSION` for one of another version, `STATE_FOREIGN`. */
export function readStateFile(path: string): StateDatabase {
  return joinState(new DatabaseSync(path, { readOnly: true, timeout: 5000 }), path);
}

/** Opens a state file to write what a forwarder that works on it does not hold in memory. Throws `STATE_VERSION` and `STATE_FOREIGN`. */
export function joinStateFile(path: string): StateDatabase {
  const database = new DatabaseSync(path, { timeout: 5000 });
  const state = joinState(database, path);
  database.exec("PRAGMA synchronous = FULL");
  return state;
}

function joinState(database: DatabaseSync, path: string): StateDatabase {
  let version: number;
  try {
    version = versionOf(database, path);
    if (version === 0) throw foreign(path, "nothing of tributary is in it");
  } catch (error) {
    database.close();
    throw error;
  }
  if (version === schemaVersion) return new SqliteState(database);
  database.close();
  throw new TributaryError(
    `${path} is of version ${version}, not ${schemaVersion}: an older one is taken over by tributary run or forward, a later one needs a later tributary.`,
    { code: "STATE_VERSION" },
  );
}

/** Result code of SQLite for a file that is no database. */
const notADatabase = 26;

function versionOf(database: DatabaseSync, path: string): number {
  try {
    return Number(Object.values(database.prepare("PRAGMA user_version").get() ?? {})[0] ?? 0);
  } catch (error) {
    if (error instanceof Error && "errcode" in error && error.errcode === notADatabase)
      throw foreign(path, "it is no database");
    throw error;
  }
}

function foreign(path: string, why: string): TributaryError {
  return new TributaryError(`${path} is no state of tributary: ${why}. Name another file or directory.`, {
    code: "STATE_FOREIGN",
  });
}

/** A state in one SQLite file and one connection. Reads wait for the transaction that is being written: they see whole ones alone. */
class SqliteState implements StateDatabase {
  readonly #database: DatabaseSync;
  readonly #statements: SqliteStatements;
  readonly #writes: GroupCommit;
  readonly #reserve: DiskReserve | undefined;
  #chunks: Promise<{ last: number }> | undefined;

  constructor(database: DatabaseSync, reserve?: DiskReserve, statements = new SqliteStatements(database)) {
    this.#database = database;
    this.#reserve = reserve;
    this.#statements = statements;
    this.#writes = new GroupCommit({
      statements: this.#statements,
      begin: () => this.#exec("BEGIN IMMEDIATE"),
      commit: () => this.#exec("COMMIT"),
      rollback: () => (database.isTransaction ? this.#exec("ROLLBACK") : Promise.resolve()),
      concernsAll: () => false,
      isTransient: () => false,
    });
  }

  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#read((statements) => statements.all(sql, ...values));
  }

  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    return this.#read((statements) => statements.get(sql, ...values));
  }

  snapshot<T>(work: (reads: StateReads) => Promise<T>): Promise<T> {
    return this.#writes.read(async (statements) => {
      await this.#exec("BEGIN");
      try {
        return await work(statements);
      } finally {
        await this.#exec("COMMIT");
      }
    });
  }

  async transaction<T>(work: (transaction: StateTransaction) => Promise<T>, room?: "takes" | "gives"): Promise<T> {
    const reserve = this.#reserve;
    if (room === "takes" && reserve?.admits(performance.now(), () => this.#free()) === false) throw diskFull();
    for (;;)
      try {
        const answer = await this.#writes.transaction(work);
        if (room === "gives" && reserve?.isSpent === true) await this.#restartLog();
        return answer;
      } catch (error) {
        if (room === "takes" && isFull(error)) throw diskFull(error);
        if (room !== "gives" || !isFull(error) || reserve?.release() !== true) throw error;
        await this.#restartLog();
      }
  }

  async nextChunk(): Promise<number> {
    const chunks = await (this.#chunks ??= this.#lastChunk());
    return ++chunks.last;
  }

  async size(): Promise<number> {
    const pages = await this.get("SELECT page_count * page_size AS n FROM pragma_page_count, pragma_page_size");
    const path = this.#database.location();
    const log = path === null ? undefined : statSync(`${path}-wal`, { throwIfNoEntry: false });
    return Number(pages?.["n"]) + (log?.size ?? 0);
  }

  async close(): Promise<void> {
    await this.#idle();
    this.#database.close();
  }

  async #lastChunk(): Promise<{ last: number }> {
    try {
      return { last: Number((await this.get("SELECT coalesce(max(id), 0) AS id FROM chunk"))?.["id"]) };
    } catch (error) {
      this.#chunks = undefined;
      throw error;
    }
  }

  async #idle(): Promise<void> {
    while (this.#writes.idle !== undefined) await this.#writes.idle;
  }

  /** At once, or in its turn: one that waited until nothing is written would wait for ever beside those that always write. */
  #read<T>(work: (statements: StateReads) => Promise<T>): Promise<T> {
    return this.#writes.idle === undefined ? work(this.#statements) : this.#writes.read(work);
  }

  /** Bytes of the file that hold nothing. */
  #free(): number {
    return pageBytes * Number(this.#database.prepare("PRAGMA freelist_count").get()?.["freelist_count"]);
  }

  /** Moves the log into the file, and begins the log anew in its own room. Where it cannot, it is tried again after the next commit. */
  async #restartLog(): Promise<void> {
    await this.#writes.read(() => this.#exec("PRAGMA wal_checkpoint(RESTART)")).catch(() => undefined);
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async #exec(sql: string): Promise<void> {
    this.#database.exec(sql);
  }
}

/** SQLITE_FULL; a log's index that cannot grow says SQLITE_IOERR_SHMSIZE, a file that cannot be made SQLITE_CANTOPEN. */
const isFull = (error: unknown): boolean =>
  error instanceof Error &&
  "errcode" in error &&
  (error.errcode === 13 || error.errcode === 4874 || error.errcode === 14);
