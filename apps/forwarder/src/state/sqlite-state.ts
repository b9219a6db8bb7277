import { DatabaseSync, type SQLOutputValue, type StatementSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import { GroupCommit } from "./group-commit.ts";
import { dayOf } from "./sent-ledger.ts";
import type { Row, SqlValue, StateDatabase, StateReads, StateTransaction } from "./state-database.ts";
import { preparePrivateFile } from "./state-path.ts";
import { fromVersion1, fromVersion2, fromVersion3, schemaVersion, stateSchema } from "./state-schema.ts";

/** Opens (and creates) the state file. Throws `STATE_TOO_NEW` for a file of a later version, and leaves it untouched. */
export function openStateFile(path: string): StateDatabase {
  if (path !== ":memory:") preparePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: 5000 });
  const version = versionOf(database);
  if (version > schemaVersion) {
    database.close();
    throw new TributaryError(
      `${path} was written by a later version of tributary (${version} > ${schemaVersion}): update tributary.`,
      { code: "STATE_TOO_NEW" },
    );
  }
  // Only a new file takes the page size: of chunks of 100 kB and more a quarter of the pages are written.
  database.exec("PRAGMA page_size = 16384; PRAGMA cache_size = -32768");
  // FULL: a commit is on stable storage when it returns, also after power loss.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
  if (version === 0) database.exec(`BEGIN IMMEDIATE; ${stateSchema}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
  else if (version < schemaVersion) {
    database.function("day_of", (key) => (key instanceof Uint8Array ? dayOf(key) : 0));
    const steps = [fromVersion1, fromVersion2, fromVersion3].slice(version - 1).join(";");
    database.exec(`BEGIN IMMEDIATE; ${steps}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
  }
  return new SqliteState(database);
}

/** Opens a state file to look at it, beside a running forwarder too. Throws `STATE_VERSION` for one of another version. */
export function readStateFile(path: string): StateDatabase {
  const database = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  const version = versionOf(database);
  if (version === schemaVersion) return new SqliteState(database);
  database.close();
  throw new TributaryError(
    `${path} is of version ${version}, not ${schemaVersion}: an older one is taken over by tributary run or forward, a later one needs a later tributary.`,
    { code: "STATE_VERSION" },
  );
}

function versionOf(database: DatabaseSync): number {
  return Number(Object.values(database.prepare("PRAGMA user_version").get() ?? {})[0] ?? 0);
}

/** A state in one SQLite file and one connection. Reads wait for the transaction that is being written: they see whole ones alone. */
class SqliteState implements StateDatabase {
  readonly #database: DatabaseSync;
  readonly #statements: SqliteStatements;
  readonly #writes: GroupCommit;
  #chunks: Promise<{ last: number }> | undefined;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#statements = new SqliteStatements(database);
    this.#writes = new GroupCommit({
      statements: this.#statements,
      begin: () => this.#exec("BEGIN IMMEDIATE"),
      commit: () => this.#exec("COMMIT"),
      rollback: () => (database.isTransaction ? this.#exec("ROLLBACK") : Promise.resolve()),
      concernsAll: () => false,
    });
  }

  async all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    await this.#idle();
    return this.#statements.all(sql, ...values);
  }

  async get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    await this.#idle();
    return this.#statements.get(sql, ...values);
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

  transaction<T>(work: (transaction: StateTransaction) => Promise<T>): Promise<T> {
    return this.#writes.transaction(work);
  }

  async nextChunk(): Promise<number> {
    const chunks = await (this.#chunks ??= this.#lastChunk());
    return ++chunks.last;
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

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async #exec(sql: string): Promise<void> {
    this.#database.exec(sql);
  }
}

/** Statements of one connection, each prepared once. */
class SqliteStatements implements StateTransaction {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#prepare(sql)
      .all(...values)
      .map(row);
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    const found = this.#prepare(sql).get(...values);
    return found && row(found);
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async run(sql: string, ...values: readonly SqlValue[]): Promise<number> {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  // oxlint-disable-next-line require-await -- a throw must be a rejection
  async insert(into: string, rows: readonly (readonly SqlValue[])[], conflict?: string): Promise<number> {
    const [first] = rows;
    if (first === undefined) return 0;
    const places = first.map(() => "?").join(", ");
    const statement = this.#prepare(
      `INSERT INTO ${into} VALUES (${places})${conflict === undefined ? "" : ` ON CONFLICT ${conflict}`}`,
    );
    let changes = 0;
    for (const values of rows) changes += Number(statement.run(...values).changes);
    return changes;
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement === undefined) this.#prepared.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}

/** Whole numbers come as numbers unless a statement asks for others, and none does. */
function row(found: Readonly<Record<string, SQLOutputValue>>): Row {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- without bigint, as said
  return found as Row;
}
