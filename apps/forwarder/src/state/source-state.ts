import { TributaryError } from "@tributary/schema";
import { text } from "./column.ts";
import type { StateDatabase, StateTransaction } from "./state-database.ts";
import type { Changes, Polled } from "./store.ts";

/** What an integration's pollers and webhooks keep in the state, and how long its queue is. */
export class SourceState {
  readonly #database: StateDatabase;
  readonly #integration: number;

  constructor(database: StateDatabase, integration: number) {
    this.#database = database;
    this.#integration = integration;
  }

  /** Records that are not settled; of chunks that are not mapped, frames. */
  async backlog(): Promise<number> {
    const row = await this.#database.get(
      "SELECT coalesce(sum(abs(open)), 0) AS n FROM chunk WHERE open <> 0 AND integration = ?",
      this.#integration,
    );
    return Number(row?.["n"]);
  }

  /** When the oldest record was received that is not settled, ms since 1970; undefined without any. */
  async oldest(): Promise<number | undefined> {
    const row = await this.#database.get(
      "SELECT received_at FROM chunk WHERE open <> 0 AND integration = ? ORDER BY id LIMIT 1",
      this.#integration,
    );
    const at = Date.parse(text(row?.["received_at"]) ?? "");
    return Number.isFinite(at) ? at : undefined;
  }

  /** How far the poller has come that reads this. */
  async polled(reads: string): Promise<Polled | undefined> {
    const row = await this.#database.get(
      "SELECT since, cursor, at FROM polled p JOIN integration i ON i.name = p.name AND i.adapter = p.adapter WHERE i.id = ? AND reads = ?",
      this.#integration,
      reads,
    );
    if (row === undefined) return undefined;
    return { reads, since: String(row["since"]), cursor: text(row["cursor"]), at: Number(row["at"]) };
  }

  /** Of these deliveries of a webhook, those that were stored after a time, ms since 1970. */
  async replayed(keys: readonly string[], after: number): Promise<ReadonlySet<string>> {
    const known = new Set<string>();
    for (const key of keys) {
      const row = await this.#database.get(
        "SELECT 1 AS known FROM replay WHERE integration = ? AND key = ? AND at > ?",
        this.#integration,
        key,
        after,
      );
      if (row !== undefined) known.add(key);
    }
    return known;
  }

  /** Writes down what stopped a part of the integration. @param at ms since 1970 */
  async trouble(part: string, at: number, reason: { readonly code: string; readonly message: string }): Promise<void> {
    await this.#database.transaction((transaction) =>
      transaction.insert(
        "trouble (integration, part, code, message, at)",
        [[this.#integration, part, reason.code, reason.message.slice(0, 1024), at]],
        "(integration, part) DO UPDATE SET code = excluded.code, message = excluded.message, at = excluded.at, over = NULL",
      ),
    );
  }

  /** Writes down that a part goes on again, whichever process said what stopped it. @param code where only that is over */
  async troubleOver(part: string, at: number, code?: string): Promise<void> {
    await this.#database.transaction((transaction) =>
      transaction.run(
        `UPDATE trouble SET over = ? WHERE integration = ? AND part = ? AND over IS NULL ${code === undefined ? "" : "AND code = ?"}`,
        at,
        this.#integration,
        part,
        ...(code === undefined ? [] : [code]),
      ),
    );
  }

  /** Within the caller's transaction. Throws `DELIVERY_KNOWN` where one of the deliveries was stored meanwhile. */
  async write(transaction: StateTransaction, { polled, replays }: Changes): Promise<void> {
    if (polled !== undefined)
      await transaction.run(
        `INSERT INTO polled (name, adapter, reads, since, cursor, at)
          SELECT name, adapter, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT) FROM integration WHERE id = ?
          ON CONFLICT (name, adapter, reads) DO UPDATE SET since = excluded.since, cursor = excluded.cursor, at = excluded.at`,
        polled.reads,
        polled.since,
        polled.cursor ?? null,
        polled.at,
        this.#integration,
      );
    if (replays === undefined) return;
    await transaction.run("DELETE FROM replay WHERE integration = ? AND at <= ?", this.#integration, replays.forget);
    const stored = await transaction.insert(
      "replay (integration, key, at)",
      replays.keys.map((key) => [this.#integration, key, replays.at]),
      "DO NOTHING",
    );
    if (stored < replays.keys.length)
      throw new TributaryError("One of these deliveries was stored meanwhile.", {
        code: "DELIVERY_KNOWN",
        retryable: true,
      });
  }
}
