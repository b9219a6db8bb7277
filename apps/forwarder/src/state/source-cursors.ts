import { blob, number } from "./column.ts";
import type { StateReads, StateTransaction } from "./state-database.ts";
import type { Cursor } from "./store.ts";

/** How far an integration has read the sources that are read to their end. */
export class SourceCursors {
  readonly #reads: StateReads;
  readonly #integration: number;

  constructor(reads: StateReads, integration: number) {
    this.#reads = reads;
    this.#integration = integration;
  }

  async of(source: string): Promise<Cursor | undefined> {
    const row = await this.#reads.get(
      "SELECT * FROM cursor WHERE integration = ? AND source = ?",
      this.#integration,
      source,
    );
    if (row === undefined) return undefined;
    const [before, digest] = [number(row["earlier_before"]), blob(row["earlier_digest"])];
    return {
      source,
      position: Number(row["position"]),
      digest: blob(row["digest"]) ?? new Uint8Array(),
      receivedAt: String(row["received_at"]),
      done: row["done"] === 1,
      ...(before !== undefined &&
        digest !== undefined && { earlier: { before, position: Number(row["earlier_position"]), digest } }),
    };
  }

  /** Within the caller's transaction. */
  async write(transaction: StateTransaction, cursors: readonly Cursor[]): Promise<void> {
    for (const { source, position, digest, receivedAt, done, earlier } of cursors)
      await transaction.insert(
        "cursor (integration, source, position, digest, received_at, done, earlier_before, earlier_position, earlier_digest)",
        [
          [
            this.#integration,
            source,
            position,
            digest,
            receivedAt,
            done ? 1 : 0,
            earlier?.before ?? null,
            earlier?.position ?? null,
            earlier?.digest ?? null,
          ],
        ],
        `(integration, source) DO UPDATE SET position = excluded.position, digest = excluded.digest,
          received_at = excluded.received_at, done = excluded.done, earlier_before = excluded.earlier_before,
          earlier_position = excluded.earlier_position, earlier_digest = excluded.earlier_digest`,
      );
  }
}
