import { decodeAbout, decompressOriginal, type FrameOrigin } from "./chunk-codec.ts";
import { blob, text } from "./column.ts";
import { damaged, damagedFrame, undamaged } from "./damage.ts";
import { letterCondition, type LetterFilter } from "./letter-filter.ts";
import type { Row, SqlValue, StateReads } from "./state-database.ts";
import { isSealed } from "./state-keys.ts";

/** One record that was not delivered, and why. */
export interface DeadLetter {
  readonly id: number;
  /** Name of the integration; empty for `tributary forward`. */
  readonly integration: string;
  /** Of several; empty for an only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
  readonly source: string;
  /** Offset of the record's frame in the decompressed source. */
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly eventId?: string | undefined;
  /** When it died, ms since 1970; undefined where a version before 0.2 wrote it down. */
  readonly at?: number | undefined;
  /** Requests that carried it. */
  readonly attempts: number;
  /** How often it was put back into the queue. */
  readonly replays: number;
  /** When `dlq replay` asked for it, ms since 1970: a forwarder has yet to put it back. */
  readonly asked?: number | undefined;
}

/** What a frame is mapped from. */
export interface Original {
  readonly format: string;
  readonly receivedAt: string;
  readonly occurrence: number;
  readonly about: FrameOrigin | undefined;
  /** Its bytes are not those of the record, but what the state has left of it, or of its chunk. */
  readonly isDamaged: boolean;
  /** Up to the limit of a record; {@link DeadLetters.rest} has what is beyond. */
  readonly bytes: Uint8Array;
  /** Which of the frame's records it is, and how many there were. */
  readonly part: number;
  readonly parts: number;
}

/** Dead letters of one integration and reason. */
export interface DeadCount {
  readonly integration: string;
  /** Of several; empty for an only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
  readonly code: string;
  readonly count: number;
  readonly asked: number;
  /** ms since 1970; undefined where no letter knows. */
  readonly first?: number | undefined;
  readonly last?: number | undefined;
}

const page = 500;

/** Reads dead letters; writes nothing, so it may run beside a forwarder. */
export class DeadLetters {
  readonly #reads: StateReads;

  constructor(reads: StateReads) {
    this.#reads = reads;
  }

  /** In the order of their ids. @param after only ids above it */
  async *all(filter: LetterFilter = {}, after = 0): AsyncGenerator<DeadLetter, void, void> {
    const { sql, values } = letterCondition(filter);
    for (let from = after; ;) {
      const rows = await this.#reads.all(
        `SELECT ${columns} ${tables} WHERE ${sql} AND e.id > ? ORDER BY e.id LIMIT ?`,
        ...values,
        from,
        page,
      );
      for (const row of rows) yield letter(row);
      if (rows.length < page) return;
      from = Number(rows.at(-1)!["id"]);
    }
  }

  /** How many there are, by integration and reason. */
  async counts(filter: LetterFilter = {}): Promise<readonly DeadCount[]> {
    const { sql, values } = letterCondition(filter);
    const rows = await this.#reads.all(
      `SELECT i.name, i.destination, i.adapter, i.channel, e.code, count(*) AS n, count(a.at) AS asked, min(e.at) AS first, max(e.at) AS last
        FROM exception e JOIN integration i ON i.id = e.integration LEFT JOIN asked a ON a.exception = e.id
        WHERE ${sql} GROUP BY i.name, i.destination, i.adapter, i.channel, e.code ORDER BY i.name, i.adapter, i.destination, i.channel, n DESC, e.code`,
      ...values,
    );
    return rows.map((row) => ({
      integration: String(row["name"]),
      destination: String(row["destination"]),
      adapter: String(row["adapter"]),
      channelArn: String(row["channel"]),
      code: String(row["code"]),
      count: Number(row["n"]),
      asked: Number(row["asked"]),
      first: number(row["first"]),
      last: number(row["last"]),
    }));
  }

  /** How many of them cannot be put back: their original is damaged. */
  async damaged(filter: LetterFilter): Promise<number> {
    const { sql, values } = letterCondition(filter);
    const row = await this.#reads.get(
      `SELECT count(*) AS n FROM exception e JOIN integration i ON i.id = e.integration WHERE ${sql} AND e.frame = ?`,
      ...values,
      damagedFrame,
    );
    return Number(row?.["n"]);
  }

  /** With the event, where the record was mapped. */
  async one(id: number): Promise<(DeadLetter & { readonly eventData?: string | undefined }) | undefined> {
    const row = await this.#reads.get(
      `SELECT ${columns}, e.event_data ${tables} WHERE e.kind = 'dead' AND e.id = ?`,
      id,
    );
    return row && { ...letter(row), eventData: text(row["event_data"]) };
  }

  /** The frame a letter was in. */
  async original(id: number): Promise<Original | undefined> {
    const row = await this.#reads.get(
      `SELECT c.format, c.received_at, o.occurrence, o.about, o.bytes, o.chunk AS original_chunk, o.frame AS original_frame, e.frame AS letter_frame, e.part, e.parts ${tables} WHERE e.kind = 'dead' AND e.id = ?`,
      id,
    );
    if (row === undefined) return undefined;
    const stored = blob(row["bytes"]) ?? new Uint8Array();
    const read = undamaged(() => ({ bytes: decompressOriginal(stored), about: decodeAbout(row["about"]) }));
    return {
      format: String(row["format"]),
      receivedAt: String(row["received_at"]),
      occurrence: Number(row["occurrence"]),
      about: read?.about,
      bytes: read?.bytes ?? stored,
      isDamaged: read === undefined || row["letter_frame"] === damagedFrame,
      part: Number(row["part"]),
      parts: Number(row["parts"]),
    };
  }

  /** What the record has after its original, where it was longer than the limit: piece by piece, as it came. Throws `STATE_DAMAGED`. */
  async *rest(id: number): AsyncGenerator<Uint8Array, void, void> {
    for (let after = -1; ;) {
      const row = await this.#reads.get(
        `SELECT o.position, o.bytes ${overlong} AND o.position > ? ORDER BY o.position LIMIT 1`,
        id,
        after,
      );
      if (row === undefined) return;
      after = Number(row["position"]);
      yield pieceOf(row["bytes"]);
    }
  }

  /** Bytes of {@link rest}. */
  async restBytes(id: number): Promise<number> {
    const row = (order: string) =>
      this.#reads.get(`SELECT o.position, o.bytes ${overlong} ORDER BY o.position ${order} LIMIT 1`, id);
    const [first, last] = [await row("ASC"), await row("DESC")];
    const end = Number(last?.["position"] ?? 0) + (blob(last?.["bytes"])?.length ?? 0);
    return end - Number(first?.["position"] ?? 0);
  }
}

/** A part of a long record. Throws `STATE_DAMAGED` where it could not be opened. */
export function pieceOf(column: SqlValue | undefined): Uint8Array {
  const bytes = blob(column) ?? new Uint8Array();
  if (isSealed(bytes)) throw damaged("What the state held of a long record is not what was sealed");
  return bytes;
}

const columns = `e.id, i.name, i.destination, i.adapter, i.channel, c.source, e.code, e.message, e.path, e.event_id, o."offset", e.at, e.attempts,
  e.replays, a.at AS asked, e.chunk AS exception_chunk, e.record AS exception_record`;
const tables = `FROM exception e JOIN integration i ON i.id = e.integration JOIN chunk c ON c.id = e.chunk
  JOIN original o ON o.chunk = e.chunk AND o.frame = e.frame LEFT JOIN asked a ON a.exception = e.id`;
const overlong = "FROM exception e JOIN overlong o ON o.chunk = e.chunk AND o.frame = e.frame WHERE e.id = ?";

function letter(row: Row): DeadLetter {
  return {
    id: Number(row["id"]),
    integration: String(row["name"]),
    destination: String(row["destination"]),
    adapter: String(row["adapter"]),
    channelArn: String(row["channel"]),
    source: String(row["source"]),
    offset: Number(row["offset"]),
    code: String(row["code"]),
    message: String(row["message"]),
    path: String(row["path"]),
    eventId: text(row["event_id"]),
    at: number(row["at"]),
    attempts: Number(row["attempts"]),
    replays: Number(row["replays"]),
    asked: number(row["asked"]),
  };
}

function number(value: Row[string] | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
