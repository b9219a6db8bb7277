import { DatabaseSync, type StatementSync } from "node:sqlite";
import { TributaryError } from "@tributary/schema";
import type { Changes, Cursor, Store, StoredChunk } from "./store.ts";
import { dayOf, defaultSentHorizon, type SentHorizon, SentLedger } from "./sent-ledger.ts";
import { fromVersion1, fromVersion2, schemaVersion, stateSchema } from "./state-schema.ts";
import { blob } from "./column.ts";
import { SourceState } from "./source-state.ts";
import { preparePrivateFile } from "./state-path.ts";

/** Opens (and creates) the state file. Throws `STATE_TOO_NEW` for a file of a later version, and leaves it untouched. */
export function openStateFile(path: string): DatabaseSync {
  preparePrivateFile(path);
  const database = new DatabaseSync(path, { timeout: 5000 });
  const version = Number(Object.values(database.prepare("PRAGMA user_version").get() ?? {})[0] ?? 0);
  if (version > schemaVersion) {
    database.close();
    throw new TributaryError(
      `${path} was written by a later version of tributary (${version} > ${schemaVersion}): update tributary.`,
      {
        code: "STATE_TOO_NEW",
      },
    );
  }
  // Only a new file takes the page size: of chunks of 100 kB and more a quarter of the pages are written.
  database.exec("PRAGMA page_size = 16384; PRAGMA cache_size = -32768");
  // FULL: a commit is on stable storage when it returns, also after power loss.
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY");
  if (version === 0) database.exec(`BEGIN IMMEDIATE; ${stateSchema}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
  else if (version < schemaVersion) {
    database.function("day_of", (key) => (key instanceof Uint8Array ? dayOf(key) : 0));
    const steps = [...(version === 1 ? [fromVersion1] : []), fromVersion2].join(";");
    database.exec(`BEGIN IMMEDIATE; ${steps}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
  }
  return database;
}

/** The number of this adapter and channel in the state, under a name where it has one; made on first use. */
export function integrationNumber(database: DatabaseSync, adapter: string, channelArn: string, name = ""): number {
  database
    .prepare("INSERT OR IGNORE INTO integration (adapter, channel, name) VALUES (?, ?, ?)")
    .run(adapter, channelArn, name);
  const row = database
    .prepare("SELECT id FROM integration WHERE adapter = ? AND channel = ? AND name = ?")
    .get(adapter, channelArn, name);
  return Number(row!["id"]);
}

/** Numbers of chunks, one after the other, for all integrations of a state. */
export function chunkNumbers(database: DatabaseSync): () => number {
  let last = Number(database.prepare("SELECT coalesce(max(id), 0) AS id FROM chunk").get()!["id"]);
  return () => ++last;
}

/** A {@link Store} on one SQLite file. Several on one file must share their `nextChunk`. The caller holds the lock of state-lock.ts. */
export class SqliteStore implements Store {
  readonly integration: number;
  /** What its pollers and webhooks need. */
  readonly sources: SourceState;
  readonly #database: DatabaseSync;
  readonly #sent: SentLedger;
  readonly #statements = new Map<string, StatementSync>();
  readonly nextChunk: () => number;

  constructor(
    database: DatabaseSync,
    integration: number,
    horizon: SentHorizon = defaultSentHorizon,
    nextChunk: () => number = chunkNumbers(database),
  ) {
    this.#database = database;
    this.integration = integration;
    this.#sent = new SentLedger(database, integration, horizon);
    this.nextChunk = nextChunk;
    this.sources = new SourceState(database, integration);
  }

  commit(changes: Changes): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      this.#write(changes);
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  cursor(source: string): Cursor | undefined {
    const row = this.#prepare(
      "SELECT position, digest, received_at, done FROM cursor WHERE integration = ? AND source = ?",
    ).get(this.integration, source);
    if (row === undefined) return undefined;
    return {
      source,
      position: Number(row["position"]),
      digest: blob(row["digest"]) ?? new Uint8Array(),
      receivedAt: String(row["received_at"]),
      done: row["done"] === 1,
    };
  }

  openChunks(): readonly number[] {
    return this.#prepare("SELECT id FROM chunk WHERE open <> 0 AND integration = ? ORDER BY id")
      .all(this.integration)
      .map((row) => Number(row["id"]));
  }

  chunk(id: number): StoredChunk | undefined {
    const row = this.#prepare(
      "SELECT source, format, received_at, frames, results FROM chunk c JOIN spool s ON s.chunk = c.id LEFT JOIN mapped m ON m.chunk = c.id WHERE c.id = ?",
    ).get(id);
    const frames = blob(row?.["frames"]);
    if (row === undefined || frames === undefined) return undefined;
    return {
      id,
      source: String(row["source"]),
      format: String(row["format"]),
      receivedAt: String(row["received_at"]),
      frames,
      results: blob(row["results"]),
      states: this.states(id),
    };
  }

  states(id: number): Uint8Array | undefined {
    return blob(this.#prepare("SELECT states FROM progress WHERE chunk = ?").get(id)?.["states"]);
  }

  sent(key: Uint8Array): Uint8Array | undefined {
    return this.#sent.get(key);
  }

  sentAll(keys: readonly Uint8Array[]): readonly (Uint8Array | undefined)[] {
    // One read transaction: each statement of its own would take and give back the file's locks.
    this.#database.exec("BEGIN");
    try {
      return keys.map((key) => this.#sent.get(key));
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }

  #write(changes: Changes): void {
    const { integration } = this;
    for (const { id, source, format, receivedAt, frames, count } of changes.spool ?? []) {
      this.#prepare("INSERT INTO chunk VALUES (?, ?, ?, ?, ?, ?)").run(
        id,
        integration,
        source,
        format,
        receivedAt,
        -Math.max(count, 1),
      );
      this.#prepare("INSERT INTO spool VALUES (?, ?)").run(id, frames);
    }
    for (const { source, position, digest, receivedAt, done } of changes.cursors ?? [])
      this.#prepare("INSERT OR REPLACE INTO cursor VALUES (?, ?, ?, ?, ?, ?)").run(
        integration,
        source,
        position,
        digest,
        receivedAt,
        done ? 1 : 0,
      );
    this.sources.write(changes);
    for (const { chunk, results, states, open } of changes.mapped ?? []) {
      this.#prepare("INSERT OR REPLACE INTO mapped VALUES (?, ?)").run(chunk, results);
      this.#progress(chunk, states, open);
    }
    for (const { chunk, states, open } of changes.progress ?? []) this.#progress(chunk, states, open);
    if (changes.at !== undefined) this.#sent.write(changes.sent ?? [], changes.met ?? [], changes.at);
    this.#overlong(changes);
    for (const receipt of changes.receipts ?? [])
      this.#prepare(
        "INSERT INTO receipt (integration, request_id, events, delivered, refusal, at) VALUES (?, ?, ?, ?, ?, ?)",
      ).run(integration, receipt.requestId, receipt.events, receipt.delivered, receipt.refusal, receipt.at);
    for (const row of changes.exceptions ?? [])
      this.#prepare(
        "INSERT OR IGNORE INTO exception (integration, chunk, record, frame, kind, code, message, path, event_id, event_data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      ).run(
        integration,
        row.chunk,
        row.record,
        row.frame,
        row.kind,
        row.code,
        row.message,
        row.path,
        row.eventId ?? null,
        row.eventData ?? null,
      );
    for (const { chunk, frame, offset, bytes } of changes.originals ?? [])
      this.#prepare("INSERT OR IGNORE INTO original VALUES (?, ?, ?, ?)").run(chunk, frame, offset, bytes);
  }

  #overlong({ overlongOf, overlongDone, overlong }: Changes): void {
    const { integration } = this;
    for (const { chunk, frame, from, end } of overlongOf ?? [])
      this.#prepare(
        `INSERT OR REPLACE INTO overlong SELECT ?1, ?2, max(position, ?4),
          substr(bytes, max(?4 - position, 0) + 1, min(?5, position + length(bytes)) - max(?4, position))
        FROM overlong_intake WHERE integration = ?3 AND position < ?5 AND position + length(bytes) > ?4 ORDER BY position`,
      ).run(chunk, frame, integration, from, end);
    if (overlongDone !== undefined)
      this.#prepare("DELETE FROM overlong_intake WHERE integration = ? AND position < ?").run(
        integration,
        overlongDone,
      );
    for (const { position, bytes } of overlong ?? [])
      this.#prepare("INSERT OR REPLACE INTO overlong_intake VALUES (?, ?, ?)").run(integration, position, bytes);
  }

  #progress(chunk: number, states: Uint8Array, open: number): void {
    this.#prepare("INSERT OR REPLACE INTO progress VALUES (?, ?)").run(chunk, states);
    this.#prepare("UPDATE chunk SET open = ? WHERE id = ?").run(open, chunk);
    // What is settled needs no spool any more: its pages are used again by the next chunks.
    if (open !== 0) return;
    this.#prepare("DELETE FROM spool WHERE chunk = ?").run(chunk);
    this.#prepare("DELETE FROM mapped WHERE chunk = ?").run(chunk);
  }
}
