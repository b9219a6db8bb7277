import { TributaryError } from "@tributary/schema";
import { GroupCommit, OutcomeUnknown, type TransactionEngine } from "./group-commit.ts";
import {
  isLost,
  PostgresConnection,
  type PostgresPlace,
  type PostgresSession,
  sqlStateOf,
} from "./postgres-connection.ts";
import { PostgresLeases } from "./postgres-leases.ts";
import { PostgresStatements } from "./postgres-statements.ts";
import { chunkBlock, firstVersion, postgresDdl, postgresSchema } from "./postgres-schema.ts";
import type { Row, SqlValue, StateDatabase, StateReads, StateTransaction } from "./state-database.ts";
import { migrations, schemaVersion } from "./state-schema.ts";

/**
 * A holder that stands still within a transaction keeps its lease's row locked: the server ends such a transaction, or nobody
 * could take over.
 */
const idleInTransactionMs = 3000;

/** SQLSTATEs of transactions that met another one: serialization_failure, deadlock_detected, lock_not_available. */
const transient: ReadonlySet<string> = new Set(["40001", "40P01", "55P03"]);

/**
 * Opens a state in PostgreSQL, and makes its tables on first use. Throws `STATE_UNREACHABLE`, `STATE_TOO_NEW`, and
 * `STATE_FAILED` where the server refuses.
 */
export async function openPostgresState(place: PostgresPlace): Promise<StateDatabase> {
  const connection = new PostgresConnection(place);
  try {
    await prepare(await connection.session(), place.schema);
  } finally {
    await connection.close();
  }
  return new PostgresState(place);
}

/** Opens it to look at it. Throws `STATE_NOT_FOUND` where no forwarder has used it, `STATE_VERSION` for another version. */
export async function readPostgresState(place: PostgresPlace): Promise<StateDatabase> {
  const connection = new PostgresConnection(place);
  try {
    const version = await versionOf(await connection.session(), place.schema);
    if (version === 0)
      throw new TributaryError(`The database has no state in its schema ${place.schema}: tributary run makes it.`, {
        code: "STATE_NOT_FOUND",
      });
    if (version !== schemaVersion)
      throw new TributaryError(
        `The state in PostgreSQL is of version ${version}, not ${schemaVersion}: an older one is taken over by tributary run, a later one needs a later tributary.`,
        { code: "STATE_VERSION" },
      );
  } finally {
    await connection.close();
  }
  return new PostgresState(place);
}

async function prepare(session: PostgresSession, schema: string): Promise<void> {
  await session.query("BEGIN");
  // Two that start at once: one makes the tables, the other finds them.
  await session.query("SELECT pg_advisory_xact_lock(hashtextextended(CAST($1 AS text), 0))", [`tributary:${schema}`]);
  const version = await versionOf(session, schema);
  if (version > schemaVersion)
    throw new TributaryError(
      `The state in PostgreSQL was written by a later version of tributary (${version} > ${schemaVersion}): update tributary.`,
      { code: "STATE_TOO_NEW" },
    );
  // Forwarders of the earlier version that are still at work commit nothing from here on: their fence knows the version.
  if (version >= firstVersion && version < schemaVersion)
    await session.query(
      `${postgresDdl(migrations.slice(version - 1).join(";"))}; UPDATE state_version SET version = ${schemaVersion}`,
    );
  if (version === 0)
    await session.query(
      `CREATE SCHEMA IF NOT EXISTS "${schema}"; ${postgresSchema};
      CREATE TABLE state_version (version BIGINT NOT NULL); INSERT INTO state_version VALUES (${schemaVersion})`,
    );
  await session.query("COMMIT");
}

/** 0 where there is none. */
async function versionOf(session: PostgresSession, schema: string): Promise<number> {
  const { rows } = await session.query("SELECT to_regclass($1) AS known", [`"${schema}".state_version`]);
  if (rows[0]?.["known"] === null) return 0;
  return Number((await session.query("SELECT version FROM state_version")).rows[0]?.["version"]);
}

/** A state in PostgreSQL: a connection that writes, one that reads, one for the leases. */
class PostgresState implements StateDatabase {
  readonly leases: PostgresLeases;
  readonly #place: PostgresPlace;
  readonly #reader: PostgresConnection;
  readonly #writer: PostgresConnection;
  readonly #reads: PostgresStatements;
  readonly #writes: GroupCommit;
  #chunks = { next: 0, end: 0 };
  #moreChunks: Promise<void> | undefined;

  constructor(place: PostgresPlace) {
    this.#place = place;
    this.leases = new PostgresLeases(place);
    const reader = (this.#reader = new PostgresConnection(place));
    this.#reads = new PostgresStatements(() => reader.session());
    this.#writer = new PostgresConnection(
      place,
      `SET idle_in_transaction_session_timeout = ${idleInTransactionMs}; SET lock_timeout = 10000`,
    );
    this.#writes = new GroupCommit(new Writer(this.#writer));
  }

  all(sql: string, ...values: readonly SqlValue[]): Promise<readonly Row[]> {
    return again(() => this.#reads.all(sql, ...values));
  }

  get(sql: string, ...values: readonly SqlValue[]): Promise<Row | undefined> {
    return again(() => this.#reads.get(sql, ...values));
  }

  async snapshot<T>(work: (reads: StateReads) => Promise<T>): Promise<T> {
    const connection = new PostgresConnection(this.#place);
    try {
      const session = await connection.session();
      await session.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      return await work(new PostgresStatements(() => Promise.resolve(session)));
    } finally {
      await connection.close();
    }
  }

  transaction<T>(work: (transaction: StateTransaction) => Promise<T>): Promise<T> {
    return this.#writes.transaction(work);
  }

  async nextChunk(): Promise<number> {
    while (this.#chunks.next >= this.#chunks.end)
      await (this.#moreChunks ??= this.#takeChunks().finally(() => (this.#moreChunks = undefined)));
    return this.#chunks.next++;
  }

  async size(): Promise<number> {
    const row = await this.get(
      "SELECT sum(pg_total_relation_size(oid)) AS n FROM pg_class WHERE relkind = 'r' AND relnamespace = CAST(current_schema() AS regnamespace)",
    );
    return Number(row?.["n"] ?? 0);
  }

  async close(): Promise<void> {
    await this.#writes.idle;
    await Promise.all([this.#writer.close(), this.#reader.close(), this.leases.close()]);
  }

  async #takeChunks(): Promise<void> {
    const next = Number((await this.get("SELECT nextval('chunk_number') AS next"))?.["next"]);
    this.#chunks = { next, end: next + chunkBlock };
  }
}

/** A read whose connection was lost is done once more: a server that was restarted is no news to a reader. */
async function again<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!isLost(error)) throw error;
    return await read();
  }
}

/** Transactions, each on one session from its begin to its end: a statement never goes to another by itself. */
class Writer implements TransactionEngine {
  readonly statements: StateTransaction;
  readonly #connection: PostgresConnection;
  #session: PostgresSession | undefined;

  constructor(connection: PostgresConnection) {
    this.#connection = connection;
    this.statements = new PostgresStatements(() => Promise.resolve(this.#current()));
  }

  async begin(): Promise<void> {
    this.#session = await this.#connection.session();
    await this.#session.query("BEGIN");
  }

  async commit(): Promise<void> {
    try {
      await this.#current().query("COMMIT");
    } catch (error) {
      throw isLost(error) ? new OutcomeUnknown(error) : error;
    }
  }

  async rollback(): Promise<void> {
    try {
      // With its connection a transaction is gone.
      if (this.#session?.isLost === false) await this.#session.query("ROLLBACK");
    } catch (error) {
      if (!isLost(error)) throw error;
    }
  }

  isTransient(error: unknown): boolean {
    return transient.has(String(sqlStateOf(error)));
  }

  concernsAll(error: unknown): boolean {
    return isLost(error);
  }

  #current(): PostgresSession {
    if (this.#session === undefined) throw new Error("No transaction has begun.");
    return this.#session;
  }
}
