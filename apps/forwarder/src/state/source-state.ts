import type { DatabaseSync, StatementSync } from "node:sqlite";
import { text } from "./column.ts";
import type { Changes, Polled } from "./store.ts";

/** What an integration's pollers and webhooks keep in the state, and how long its queue is. */
export class SourceState {
  readonly #database: DatabaseSync;
  readonly #integration: number;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, integration: number) {
    this.#database = database;
    this.#integration = integration;
  }

  /** Records that are not settled; of chunks that are not mapped, frames. */
  backlog(): number {
    const row = this.#prepare("SELECT coalesce(sum(abs(open)), 0) AS n FROM chunk WHERE open <> 0 AND integration = ?");
    return Number(row.get(this.#integration)?.["n"]);
  }

  /** How far the poller has come that reads this. */
  polled(reads: string): Polled | undefined {
    const row = this.#prepare(
      "SELECT since, cursor, at FROM polled JOIN integration i USING (name, adapter) WHERE i.id = ? AND reads = ?",
    ).get(this.#integration, reads);
    if (row === undefined) return undefined;
    return { reads, since: String(row["since"]), cursor: text(row["cursor"]), at: Number(row["at"]) };
  }

  /** Whether a webhook's delivery was stored after a time, ms since 1970. */
  isReplay(key: string, after: number): boolean {
    const row = this.#prepare("SELECT 1 FROM replay WHERE integration = ? AND key = ? AND at > ?");
    return row.get(this.#integration, key, after) !== undefined;
  }

  /** Writes down what stopped a part of the integration; without a reason, that it goes on again. @param at ms since 1970 */
  trouble(part: string, at: number, reason?: { readonly code: string; readonly message: string }): void {
    if (reason === undefined)
      this.#prepare("UPDATE trouble SET over = ? WHERE integration = ? AND part = ? AND over IS NULL").run(
        at,
        this.#integration,
        part,
      );
    else
      this.#prepare("INSERT OR REPLACE INTO trouble VALUES (?, ?, ?, ?, ?, NULL)").run(
        this.#integration,
        part,
        reason.code,
        reason.message.slice(0, 1024),
        at,
      );
  }

  /** Inside the caller's transaction. */
  write({ polled, replays }: Changes): void {
    if (polled !== undefined)
      this.#prepare("INSERT OR REPLACE INTO polled SELECT name, adapter, ?, ?, ?, ? FROM integration WHERE id = ?").run(
        polled.reads,
        polled.since,
        polled.cursor ?? null,
        polled.at,
        this.#integration,
      );
    if (replays === undefined) return;
    this.#prepare("DELETE FROM replay WHERE integration = ? AND at <= ?").run(this.#integration, replays.forget);
    for (const key of replays.keys)
      this.#prepare("INSERT OR REPLACE INTO replay VALUES (?, ?, ?)").run(this.#integration, key, replays.at);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, (statement = this.#database.prepare(sql)));
    return statement;
  }
}
