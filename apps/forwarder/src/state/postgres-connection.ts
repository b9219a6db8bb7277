import { Socket } from "node:net";
import { TributaryError } from "@tributary/schema";
import type { Client } from "pg";
import type { Row, SqlValue } from "./state-database.ts";

/** Where a state in PostgreSQL is. */
export interface PostgresPlace {
  /** `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=verify-full`; never shown. */
  readonly url: string;
  /** The schema of its tables; several groups of forwarders may share a database. */
  readonly schema: string;
}

/** Patience with a server that does not answer. */
const patienceMs = { connect: 5000, query: 30_000 };

interface Answer {
  readonly rows: readonly Row[];
  /** How many were changed. */
  readonly changes: number;
}

/** One session with the server, until its connection is lost: then every query throws `STATE_UNREACHABLE`, retryable. */
export class PostgresSession {
  readonly #client: Client;
  readonly #socket: Socket;
  #lost: unknown;
  /** The query that is under way: one at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(client: Client, socket: Socket) {
    this.#client = client;
    this.#socket = socket;
    // Told where it is used; without a listener it would end the process.
    client.on("error", (error) => this.#lose(error));
    client.on("end", () => this.#lose(new Error("The connection was closed")));
  }

  get isLost(): boolean {
    return this.#lost !== undefined;
  }

  query(text: string, values: readonly SqlValue[] = []): Promise<Answer> {
    const answer = this.#turn.then(() => this.#query(text, values));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async #query(text: string, values: readonly SqlValue[]): Promise<Answer> {
    if (this.isLost) throw unreachable(this.#lost);
    try {
      const { rows, rowCount } = await this.#client.query<Record<string, SqlValue>>(text, values.map(storable));
      return { rows, changes: rowCount ?? 0 };
    } catch (error) {
      if (isOfTheServer(error)) throw failed(error);
      // Whatever was under way on it has an end nobody here knows.
      this.#lose(error);
      throw unreachable(error);
    }
  }

  async close(): Promise<void> {
    if (this.isLost) return;
    await this.#client.end().catch(() => undefined);
    this.#lose(new Error("The connection is closed"));
  }

  #lose(error: unknown): void {
    this.#lost ??= error;
    this.#socket.destroy();
  }
}

/** Sessions one after the other: made when one is needed, and made anew after it was lost. */
export class PostgresConnection {
  readonly #place: PostgresPlace;
  readonly #begin: string;
  readonly #queryMs: number;
  #session: PostgresSession | undefined;
  #connecting: Promise<PostgresSession> | undefined;

  /** @param begin statements that every session starts with @param queryMs patience with one query */
  constructor(place: PostgresPlace, begin = "", queryMs: number = patienceMs.query) {
    this.#place = place;
    this.#begin = begin;
    this.#queryMs = queryMs;
  }

  /** Throws `STATE_UNREACHABLE`. */
  async session(): Promise<PostgresSession> {
    if (this.#session?.isLost === false) return this.#session;
    this.#connecting ??= connect(this.#place, this.#begin, this.#queryMs).finally(() => (this.#connecting = undefined));
    return (this.#session = await this.#connecting);
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }
}

async function connect(place: PostgresPlace, begin: string, queryMs: number): Promise<PostgresSession> {
  const { default: pg } = await import("pg");
  const types = new pg.TypeOverrides();
  const { INT2, INT4, INT8, FLOAT8, NUMERIC } = pg.types.builtins;
  // Whole numbers and sums come as numbers: none of ours is beyond 2^53.
  for (const oid of [INT2, INT4, INT8, FLOAT8, NUMERIC]) types.setTypeParser(oid, Number);
  const socket = new Socket();
  try {
    const client = new pg.Client({
      connectionString: place.url,
      application_name: "tributary",
      stream: () => socket,
      keepAlive: true,
      connectionTimeoutMillis: patienceMs.connect,
      query_timeout: queryMs,
      types,
    });
    const session = new PostgresSession(client, socket);
    await client.connect();
    // Acknowledged is durable, whatever the server's default.
    await client.query(
      `SET search_path TO "${place.schema}"; SET statement_timeout = ${queryMs}; SET client_min_messages = warning;
      SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local'); ${begin}`,
    );
    return session;
  } catch (error) {
    socket.destroy();
    throw unreachable(error);
  }
}

/** PostgreSQL's texts hold no NUL; only messages and paths may have one. */
function storable(value: SqlValue): SqlValue {
  return typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\u2400") : value;
}

/** Whether the server answered, so that what was asked has certainly not been done. */
function isOfTheServer(error: unknown): error is Error & { readonly code: string } {
  if (!(error instanceof Error && "severity" in error && "code" in error)) return false;
  // 57P01 to 57P05: it ends the connection. 08: connection exceptions. 25P03: it took too long within a transaction.
  return typeof error.code === "string" && error.severity !== "FATAL" && !/^(57P|08)/.test(error.code);
}

function failed(error: Error & { readonly code: string }): TributaryError {
  return new TributaryError(`PostgreSQL refused: ${error.message} (SQLSTATE ${error.code}).`, {
    code: "STATE_FAILED",
    cause: error,
  });
}

function unreachable(error: unknown): TributaryError {
  if (error instanceof TributaryError) return error;
  const why = error instanceof Error ? error.message || error.name : String(error);
  return new TributaryError(
    `The PostgreSQL of the state cannot be reached: ${why}. Check postgres in the configuration, and the server.`,
    {
      code: "STATE_UNREACHABLE",
      retryable: true,
      cause: error,
    },
  );
}

/** Whether it was the connection that failed: what was asked may have been done. */
export function isLost(error: unknown): boolean {
  return error instanceof TributaryError && error.code === "STATE_UNREACHABLE";
}

/** The SQLSTATE with which the server refused; undefined for other errors. */
export function sqlStateOf(error: unknown): unknown {
  const cause: unknown = error instanceof TributaryError ? error.cause : undefined;
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}
