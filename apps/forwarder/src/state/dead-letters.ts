import { decompressOriginal } from "./chunk-codec.ts";
import { blob, text } from "./column.ts";
import type { Row, StateReads } from "./state-database.ts";

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

const page = 500;

/** Reads dead letters; writes nothing, so it may run beside a forwarder. */
export class DeadLetters {
  readonly #reads: StateReads;

  constructor(reads: StateReads) {
    this.#reads = reads;
  }

  async *all(): AsyncGenerator<DeadLetter, void, void> {
    for (let after = 0; ;) {
      const rows = await this.#reads.all(`SELECT ${columns} ${from} AND e.id > ? ORDER BY e.id LIMIT ?`, after, page);
      for (const row of rows) yield letter(row);
      if (rows.length < page) return;
      after = Number(rows.at(-1)!["id"]);
    }
  }

  /** With the bytes of its frame, and the event where the record was mapped. */
  async one(
    id: number,
  ): Promise<(DeadLetter & { readonly original: Uint8Array; readonly eventData?: string | undefined }) | undefined> {
    const row = await this.#reads.get(`SELECT ${columns}, e.event_data, o.bytes ${from} AND e.id = ?`, id);
    if (row === undefined) return undefined;
    const original = decompressOriginal(blob(row["bytes"]) ?? new Uint8Array());
    return { ...letter(row), original, eventData: text(row["event_data"]) };
  }

  /** What the record has after `original`, where it was longer than the limit: piece by piece, as it came. */
  async *rest(id: number): AsyncGenerator<Uint8Array, void, void> {
    for (let after = -1; ;) {
      const row = await this.#reads.get(
        `SELECT o.position, o.bytes ${overlong} AND o.position > ? ORDER BY o.position LIMIT 1`,
        id,
        after,
      );
      if (row === undefined) return;
      after = Number(row["position"]);
      yield blob(row["bytes"]) ?? new Uint8Array();
    }
  }

  /** Bytes of {@link rest}. */
  async restBytes(id: number): Promise<number> {
    const row = await this.#reads.get(`SELECT coalesce(sum(length(o.bytes)), 0) AS n ${overlong}`, id);
    return Number(row?.["n"] ?? 0);
  }
}

const columns = `e.id, i.adapter, i.channel, c.source, e.code, e.message, e.path, e.event_id, o."offset"`;
const from = `FROM exception e JOIN integration i ON i.id = e.integration JOIN chunk c ON c.id = e.chunk
  JOIN original o ON o.chunk = e.chunk AND o.frame = e.frame WHERE e.kind = 'dead'`;
const overlong = "FROM exception e JOIN overlong o ON o.chunk = e.chunk AND o.frame = e.frame WHERE e.id = ?";

function letter(row: Row): DeadLetter {
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
