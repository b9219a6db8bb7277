import { decodeAbout, decompressOriginal, type FrameOrigin } from "./chunk-codec.ts";
import { blob } from "./column.ts";
import { damageCode } from "./damage.ts";
import { pieceOf } from "./dead-letters.ts";
import type { StateReads, StateTransaction } from "./state-database.ts";

/** A dead letter that is to be put back into the queue, without its bytes. */
export interface AskedLetter {
  readonly id: number;
  readonly chunk: number;
  readonly frame: number;
  /** Which of the frame's records it is, and how many there were. */
  readonly part: number;
  readonly parts: number;
  readonly attempts: number;
  readonly replays: number;
  readonly source: string;
  readonly format: string;
  readonly receivedAt: string;
  readonly offset: number;
  readonly occurrence: number;
  /** Bytes it has beyond the limit of a record. */
  readonly restBytes: number;
}

/** Letters of one frame, and where that frame is queued now. */
export interface Requeued {
  readonly letters: readonly number[];
  readonly from: { readonly chunk: number; readonly frame: number };
  readonly to: { readonly chunk: number; readonly frame: number };
  /** What the record has beyond the limit goes with it, since it is over the limit of today too. */
  readonly rest: boolean;
}

/** The dead letters of one integration that `dlq replay` asked for. */
export class AskedLetters {
  readonly #reads: StateReads;
  readonly #integration: number;

  constructor(reads: StateReads, integration: number) {
    this.#reads = reads;
    this.#integration = integration;
  }

  /** The first of them; those of one frame follow one another. */
  async next(limit: number): Promise<readonly AskedLetter[]> {
    // It is looked for every few seconds, and mostly in vain: the search below costs a hundred times as much.
    const any = await this.#reads.get("SELECT exception FROM asked WHERE integration = ? LIMIT 1", this.#integration);
    if (any === undefined) return [];
    const rows = await this.#reads.all(
      `SELECT e.id, e.chunk, e.frame, e.part, e.parts, e.attempts, e.replays, c.source, c.format, c.received_at, o."offset",
          o.occurrence, (SELECT coalesce(sum(length(r.bytes)), 0) FROM overlong r WHERE r.chunk = e.chunk AND r.frame = e.frame) AS rest
        FROM (SELECT exception FROM asked WHERE integration = ? ORDER BY exception LIMIT ?) a JOIN exception e ON e.id = a.exception
        JOIN chunk c ON c.id = e.chunk JOIN original o ON o.chunk = e.chunk AND o.frame = e.frame
        ORDER BY e.chunk, e.frame, e.record`,
      this.#integration,
      limit,
    );
    return rows.map((row) => ({
      id: Number(row["id"]),
      chunk: Number(row["chunk"]),
      frame: Number(row["frame"]),
      part: Number(row["part"]),
      parts: Number(row["parts"]),
      attempts: Number(row["attempts"]),
      replays: Number(row["replays"]),
      source: String(row["source"]),
      format: String(row["format"]),
      receivedAt: String(row["received_at"]),
      offset: Number(row["offset"]),
      occurrence: Number(row["occurrence"]),
      restBytes: Number(row["rest"]),
    }));
  }

  /** A frame's bytes, up to the limit of a record. Throws `STATE_DAMAGED`. */
  async original({
    chunk,
    frame,
  }: AskedLetter): Promise<{ readonly bytes: Uint8Array; readonly about: FrameOrigin | undefined }> {
    const row = await this.#reads.get(
      "SELECT bytes, about, chunk AS original_chunk, frame AS original_frame FROM original WHERE chunk = ? AND frame = ?",
      chunk,
      frame,
    );
    return { bytes: decompressOriginal(blob(row?.["bytes"]) ?? new Uint8Array()), about: decodeAbout(row?.["about"]) };
  }

  /** And what is beyond. Throws `STATE_DAMAGED`. */
  async rest({ chunk, frame }: AskedLetter): Promise<Uint8Array> {
    const rows = await this.#reads.all(
      "SELECT bytes FROM overlong WHERE chunk = ? AND frame = ? ORDER BY position",
      chunk,
      frame,
    );
    return Buffer.concat(rows.map(({ bytes }) => pieceOf(bytes)));
  }

  /** Letters whose bytes are damaged stay dead, of that. */
  static async keep(transaction: StateTransaction, letters: readonly number[]): Promise<void> {
    for (const id of letters) {
      await transaction.run("DELETE FROM asked WHERE exception = ?", id);
      const row = await transaction.get(
        "SELECT code, message, chunk AS exception_chunk, record AS exception_record FROM exception WHERE id = ?",
        id,
      );
      if (row === undefined || row["code"] === damageCode) continue;
      const message = `Its bytes in the state were changed by the disk or something else: it cannot be sent again. It was dead: ${String(row["code"])}: ${String(row["message"])}`;
      await transaction.run(
        "UPDATE exception SET code = ?, message = ? WHERE id = ?",
        damageCode,
        message.slice(0, 1024),
        id,
      );
    }
  }

  /** Ends letters as such, in the transaction in which their frames are queued. */
  async end(transaction: StateTransaction, requeued: readonly Requeued[]): Promise<void> {
    for (const { letters, from, to, rest } of requeued) {
      for (const id of letters) {
        await transaction.run("DELETE FROM asked WHERE exception = ?", id);
        const gone = await transaction.run("DELETE FROM exception WHERE id = ? AND kind = 'dead'", id);
        if (gone !== 1) throw new Error(`The dead letter ${id} is gone: another forwarder works on this integration.`);
      }
      const left = await transaction.get(
        "SELECT count(*) AS n FROM exception WHERE chunk = ? AND frame = ? AND kind = 'dead'",
        from.chunk,
        from.frame,
      );
      if (Number(left?.["n"]) > 0) continue;
      await transaction.run("DELETE FROM original WHERE chunk = ? AND frame = ?", from.chunk, from.frame);
      await (rest
        ? transaction.run(
            "UPDATE overlong SET chunk = ?, frame = ? WHERE chunk = ? AND frame = ?",
            to.chunk,
            to.frame,
            from.chunk,
            from.frame,
          )
        : transaction.run("DELETE FROM overlong WHERE chunk = ? AND frame = ?", from.chunk, from.frame));
      await transaction.run(
        `DELETE FROM chunk WHERE id = ? AND NOT EXISTS (SELECT 1 FROM exception WHERE chunk = ?)
          AND NOT EXISTS (SELECT 1 FROM progress WHERE chunk = ?)`,
        from.chunk,
        from.chunk,
        from.chunk,
      );
    }
    const count = requeued.reduce((sum, { letters }) => sum + letters.length, 0);
    if (count === 0) return;
    // They are read again when they are mapped again. The sums of an integration are right at every commit, those of a chunk
    // that is not folded yet only together with them.
    await transaction.insert(
      "settled (integration, delivered, already, changed, dead, dropped, taken)",
      [[this.#integration, 0, 0, 0, -count, 0, -count]],
      "(integration) DO UPDATE SET dead = settled.dead + excluded.dead, taken = settled.taken + excluded.taken",
    );
  }
}
