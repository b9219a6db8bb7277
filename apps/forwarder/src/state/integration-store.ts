import { AskedLetters } from "./asked-letters.ts";
import { Backfills } from "./backfills.ts";
import { blob } from "./column.ts";
import { defaultSentHorizon, type SentHorizon, SentLedger } from "./sent-ledger.ts";
import { endAnew } from "./end-anew.ts";
import { PlaceState } from "./place-state.ts";
import { SourceCursors } from "./source-cursors.ts";
import { SourceState } from "./source-state.ts";
import type { StateDatabase, StateTransaction } from "./state-database.ts";
import type { QueuedCopy } from "./queued-copy.ts";
import { writeDead } from "./write-dead.ts";
import { writeOverlong } from "./write-overlong.ts";
import type { Changes, Cursor, SpooledChunk, Store, StoredChunk } from "./store.ts";

/** Throws `LEASE_LOST` within a transaction unless its caller holds the integration. */
export type Fence = (transaction: StateTransaction) => Promise<void>;

export interface StoreOptions {
  /** Whose queues what is spooled goes to; by default its own. */
  readonly destinations?: readonly number[] | undefined;
  /** Who reads what is longer than the limit of a record: two at a time must not be one. */
  readonly reader?: number | undefined;
  readonly fence?: Fence | undefined;
}

/** What any forwarder may write: it only adds. Everything else is the holder's. */
const pushed: ReadonlySet<string> = new Set(["spool", "replays"] satisfies (keyof Changes)[]);

const isPush = (changes: Changes): boolean =>
  Object.entries(changes).every(([key, value]) => value === undefined || pushed.has(key));

/**
 * A {@link Store} in the database of a state. The caller holds the lock of state-lock.ts where the state is a file; where it is shared,
 * every commit of a holder passes the fence.
 */
export class IntegrationStore implements Store {
  readonly integration: number;
  /** What its pollers and webhooks need. */
  readonly sources: SourceState;
  /** How far its files and objects were read. */
  readonly places: PlaceState;
  readonly asked: AskedLetters;
  readonly #database: StateDatabase;
  readonly #cursors: SourceCursors;
  readonly #destinations: readonly number[];
  readonly #sent: SentLedger;
  readonly #reader: number;
  readonly #fence: Fence | undefined;

  constructor(
    database: StateDatabase,
    integration: number,
    horizon: SentHorizon = defaultSentHorizon,
    { destinations = [integration], reader = integration, fence }: StoreOptions = {},
  ) {
    this.#database = database;
    this.#destinations = destinations;
    this.#reader = reader;
    this.#fence = fence;
    this.integration = integration;
    this.#sent = new SentLedger(integration, horizon);
    this.#cursors = new SourceCursors(database, integration);
    this.sources = new SourceState(database, integration);
    this.places = new PlaceState(database, integration);
    this.asked = new AskedLetters(database, integration);
  }

  async commit(changes: Changes): Promise<void> {
    const isIntake = (changes.spool?.length ?? 0) > 0 || (changes.overlong?.length ?? 0) > 0;
    const copies: QueuedCopy[] = [];
    for (const spooled of changes.spool ?? []) copies.push(...(await this.#copies(spooled)));
    const committed = await this.#database.transaction(
      (transaction) => this.#write(transaction, changes, copies),
      isIntake ? "takes" : "gives",
    );
    committed();
  }

  nextChunk(): Promise<number> {
    return this.#database.nextChunk();
  }

  cursor(source: string): Promise<Cursor | undefined> {
    return this.#cursors.of(source);
  }

  async openChunks(after: number, most: number): Promise<readonly number[]> {
    const rows = await this.#database.all(
      "SELECT id FROM chunk WHERE open <> 0 AND integration = ? AND id > ? ORDER BY id LIMIT ?",
      this.integration,
      after,
      most,
    );
    return rows.map((row) => Number(row["id"]));
  }

  async chunk(id: number): Promise<StoredChunk | undefined> {
    const row = await this.#database.get(
      `SELECT source, format, received_at, frames, results, states, c.open, c.first_offset, c.last_offset, s.chunk AS spool_chunk, m.chunk AS mapped_chunk FROM chunk c JOIN spool s ON s.chunk = coalesce(c.spool, c.id)
        LEFT JOIN mapped m ON m.chunk = c.id LEFT JOIN progress p ON p.chunk = c.id WHERE c.id = ?`,
      id,
    );
    const frames = blob(row?.["frames"]);
    if (row === undefined || frames === undefined) return undefined;
    const states = blob(row["states"]);
    return {
      id,
      source: String(row["source"]),
      format: String(row["format"]),
      receivedAt: String(row["received_at"]),
      frames,
      count: states?.length ?? -Number(row["open"]),
      offsets: [Number(row["first_offset"]), Number(row["last_offset"])],
      results: blob(row["results"]),
      states,
    };
  }

  async states(id: number): Promise<Uint8Array | undefined> {
    return blob((await this.#database.get("SELECT states FROM progress WHERE chunk = ?", id))?.["states"]);
  }

  sentAll(keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#sent.getAll(this.#database, keys);
  }

  /** A chunk for each destination; the first keeps the number that it was given. */
  async #copies(spooled: SpooledChunk): Promise<readonly QueuedCopy[]> {
    const shared = this.#destinations.length > 1 ? spooled.id : null;
    const copies: QueuedCopy[] = [];
    for (const destination of this.#destinations)
      copies.push({ id: copies.length === 0 ? spooled.id : await this.nextChunk(), destination, shared, spooled });
    return copies;
  }

  /** Answers what is to be done once it is committed. */
  async #write(transaction: StateTransaction, changes: Changes, copies: readonly QueuedCopy[]): Promise<() => void> {
    const { integration } = this;
    if (this.#fence !== undefined && !isPush(changes)) await this.#fence(transaction);
    const { spool = [], cursors = [], mapped = [], progress = [], receipts = [] } = changes;
    await transaction.insert(
      "chunk (id, integration, source, format, received_at, open, spool, first_offset, last_offset)",
      copies.map(({ id, destination, shared, spooled: { source, format, receivedAt, count, offsets } }) => [
        id,
        destination,
        source,
        format,
        receivedAt,
        -Math.max(count, 1),
        shared,
        ...offsets,
      ]),
    );
    await transaction.insert(
      "spool (chunk, frames)",
      spool.map(({ id, frames }) => [id, frames]),
    );
    await this.#cursors.write(transaction, cursors);
    await this.sources.write(transaction, changes);
    if (changes.places !== undefined) await this.places.write(transaction, changes.places);
    await transaction.insert(
      "mapped (chunk, results)",
      mapped.map(({ chunk, results }) => [chunk, results]),
      "(chunk) DO UPDATE SET results = excluded.results",
    );
    await this.#take(transaction, mapped);
    await this.#progress(transaction, mapped);
    await this.#progress(transaction, progress);
    const { sent = [], met = [], at } = changes;
    const numbers: number[] = [];
    for (const row of receipts)
      numbers.push(
        Number(
          (
            await transaction.get(
              "INSERT INTO receipt (integration, request_id, events, delivered, refusal, at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
              integration,
              row.requestId,
              row.events,
              row.delivered,
              row.refusal,
              row.at,
            )
          )?.["id"],
        ),
      );
    const numbered = sent.map((one) => ({ ...one, receipt: numbers[one.receipt] }));
    const committed = at === undefined ? () => undefined : await this.#sent.write(transaction, numbered, met, at);
    await writeOverlong(transaction, this.#reader, changes, copies);
    for (const again of changes.readAgain ?? []) await endAnew(transaction, integration, again);
    await writeDead(transaction, integration, changes);
    await this.asked.end(transaction, changes.requeued ?? []);
    await AskedLetters.keep(transaction, changes.spoiled ?? []);
    if (changes.backfill !== undefined) await Backfills.step(transaction, changes.backfill);
    return committed;
  }

  /** Counts records as taken in; promise 1 holds it against their ends. */
  async #take(transaction: StateTransaction, mapped: NonNullable<Changes["mapped"]>): Promise<void> {
    const count = mapped.reduce((sum, { states, again }) => sum + (again === true ? 0 : states.length), 0);
    if (count === 0) return;
    await transaction.insert(
      "settled (integration, delivered, already, changed, dead, dropped, taken)",
      [[this.integration, 0, 0, 0, 0, 0, count]],
      "(integration) DO UPDATE SET taken = settled.taken + excluded.taken",
    );
  }

  async #progress(
    transaction: StateTransaction,
    rows: readonly { readonly chunk: number; readonly states: Uint8Array; readonly open: number }[],
  ): Promise<void> {
    await transaction.insert(
      "progress (chunk, states)",
      rows.map(({ chunk, states }) => [chunk, states]),
      "(chunk) DO UPDATE SET states = excluded.states",
    );
    for (const { chunk, open } of rows) {
      await transaction.run("UPDATE chunk SET open = ? WHERE id = ?", open, chunk);
      // What is settled needs no spool any more: its pages are used again by the next chunks.
      if (open !== 0) continue;
      // Frames that several destinations have go with the last of them.
      await transaction.run(
        `DELETE FROM spool WHERE chunk = (SELECT coalesce(spool, id) FROM chunk WHERE id = ?)
          AND NOT EXISTS (SELECT 1 FROM chunk c WHERE c.spool = spool.chunk AND c.open <> 0)`,
        chunk,
      );
      await transaction.run("DELETE FROM mapped WHERE chunk = ?", chunk);
    }
  }
}
