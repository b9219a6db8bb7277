import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import { decompressOriginal } from "./chunk-codec.ts";
import { blob, text } from "./column.ts";

/** One record that was not delivered, and why. */
export interface DeadLetter {
  readonly id: number;
  readonly adapter: string;
  readonly channelArn: string;
  readonly source: string;
  /** Offset of the record's frame in the decompressed source. */
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  readonly path: string;
  readonly eventId?: string | undefined;
}

/** Reads dead letters; writes nothing, so it may run beside a forwarder. */
export class DeadLetters {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  *all(): Generator<DeadLetter, void, void> {
    for (const row of this.#database.prepare(`${select} ORDER BY e.id`).iterate()) yield this.#letter(row);
  }

  /** With the bytes of its frame, and the event where the record was mapped. */
  one(
    id: number,
  ): (DeadLetter & { readonly original: Uint8Array; readonly eventData?: string | undefined }) | undefined {
    const row = this.#database.prepare(`${select} AND e.id = ?`).get(id);
    if (row === undefined) return undefined;
    const original = decompressOriginal(blob(row["bytes"]) ?? new Uint8Array());
    return { ...this.#letter(row), original, eventData: text(row["event_data"]) };
  }

  /** What the record has after `original`, where it was longer than the limit: piece by piece, as it came. */
  *rest(id: number): Generator<Uint8Array, void, void> {
    for (const row of this.#overlong("o.bytes", "ORDER BY o.position").iterate(id)) {
      const bytes = blob(row["value"]);
      if (bytes !== undefined) yield bytes;
    }
  }

  /** Bytes of {@link rest}. */
  restBytes(id: number): number {
    return Number(this.#overlong("coalesce(sum(length(o.bytes)), 0)", "").get(id)?.["value"] ?? 0);
  }

  #overlong(value: string, order: string): StatementSync {
    // A state that only an earlier version has worked on has no such table.
    const known = this.#database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'overlong'").get() !== undefined;
    const from = known ? "overlong" : "(SELECT 0 AS chunk, 0 AS frame, 0 AS position, x'' AS bytes)";
    return this.#database.prepare(
      `SELECT ${value} AS value FROM exception e JOIN ${from} o ON o.chunk = e.chunk AND o.frame = e.frame WHERE e.id = ? ${order}`,
    );
  }

  #letter(row: Readonly<Record<string, SQLOutputValue>>): DeadLetter {
    return {
      id: Number(row["id"]),
      adapter: String(row["adapter"]),
      channelArn: String(row["channel"]),
      source: String(row["source"]),
      offset: Number(row["offset"]),
      code: String(row["code"]),
      message: String(row["message"]),
      path: String(row["path"]),
      eventId: text(row["event_id"]),
    };
  }
}

const select = `SELECT e.id, i.adapter, i.channel, c.source, e.code, e.message, e.path, e.event_id, e.event_data, o.bytes, o.offset
  FROM exception e JOIN integration i ON i.id = e.integration JOIN chunk c ON c.id = e.chunk
  JOIN original o ON o.chunk = e.chunk AND o.frame = e.frame WHERE e.kind = 'dead'`;
