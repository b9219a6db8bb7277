import type { DatabaseSync, StatementSync } from "node:sqlite";
import { blob } from "./column.ts";

/** How long the ledger remembers what was sent: older than either, an event that comes again is sent again. */
export interface SentHorizon {
  /** Days since events of one day were last sent, or met again as already delivered. */
  readonly days: number;
  /** Events; over it those with the oldest eventTime are forgotten. */
  readonly rows: number;
}

export const defaultSentHorizon: SentHorizon = { days: 90, rows: 50_000_000 };

/** Rows forgotten in one commit at most: more than a commit adds, and a few ms. */
const slice = 5000;

const dayMs = 86_400_000;

interface Day {
  rows: number;
  /** Day (since 1970) on which one of its events was last sent or met. */
  touched: number;
}

/**
 * What one integration has sent, and how far back it remembers. Rows are counted by the day of their eventTime, so neither
 * limit ever costs a scan. Everything that writes runs inside the caller's transaction; after one that was rolled back
 * the object must be thrown away.
 */
export class SentLedger {
  readonly #integration: number;
  readonly #horizon: SentHorizon;
  readonly #days = new Map<number, Day>();
  readonly #changed = new Set<number>();
  #rows = 0;
  /** Days up to here were looked through for old ones. */
  #lookedOn = -1;
  readonly #get: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #forget: StatementSync;
  readonly #putDay: StatementSync;
  readonly #dropDay: StatementSync;

  constructor(database: DatabaseSync, integration: number, horizon: SentHorizon) {
    this.#integration = integration;
    this.#horizon = horizon;
    this.#get = database.prepare("SELECT sha FROM sent WHERE key = ?");
    this.#insert = database.prepare("INSERT OR IGNORE INTO sent VALUES (?, ?)");
    this.#update = database.prepare("UPDATE sent SET sha = ? WHERE key = ?");
    this.#forget = database.prepare(
      "DELETE FROM sent WHERE key IN (SELECT key FROM sent WHERE key >= ? AND key < ? ORDER BY key LIMIT ?)",
    );
    this.#putDay = database.prepare("INSERT OR REPLACE INTO sent_day VALUES (?, ?, ?, ?)");
    this.#dropDay = database.prepare("DELETE FROM sent_day WHERE integration = ? AND day = ?");
    const rows = database.prepare("SELECT day, rows, touched FROM sent_day WHERE integration = ?").all(integration);
    for (const row of rows) {
      this.#days.set(Number(row["day"]), { rows: Number(row["rows"]), touched: Number(row["touched"]) });
      this.#rows += Number(row["rows"]);
    }
  }

  /** 8 bytes of the SHA-256 of what was sent under this key. */
  get(key: Uint8Array): Uint8Array | undefined {
    return blob(this.#get.get(key)?.["sha"]);
  }

  /**
   * @param sent keys, and what was sent under them
   * @param met keys of events that came again and were delivered before
   * @param now ms since 1970
   */
  write(
    sent: readonly { readonly key: Uint8Array; readonly sha: Uint8Array }[],
    met: readonly Uint8Array[],
    now: number,
  ): void {
    const today = Math.floor(now / dayMs);
    for (const { key, sha } of sent) {
      const day = this.#touch(key, today);
      if (this.#insert.run(key, sha).changes === 0) this.#update.run(sha, key);
      else {
        day.rows++;
        this.#rows++;
        this.#changed.add(dayOf(key));
      }
    }
    for (const key of met) this.#touch(key, today);
    this.#forgetSome(today);
    for (const number of this.#changed) {
      const day = this.#days.get(number);
      if (day === undefined) this.#dropDay.run(this.#integration, number);
      else this.#putDay.run(this.#integration, number, day.rows, day.touched);
    }
    this.#changed.clear();
  }

  #touch(key: Uint8Array, today: number): Day {
    const number = dayOf(key);
    let day = this.#days.get(number);
    if (day === undefined) this.#days.set(number, (day = { rows: 0, touched: -1 }));
    if (day.touched < today) {
      day.touched = today;
      this.#changed.add(number);
    }
    return day;
  }

  #forgetSome(today: number): void {
    let room = slice;
    if (this.#rows > this.#horizon.rows)
      for (const number of [...this.#days.keys()].toSorted((a, b) => a - b)) {
        const over = this.#rows - this.#horizon.rows;
        if (over <= 0 || room <= 0) break;
        room -= this.#forgetOf(number, Math.min(room, over));
      }
    if (this.#lookedOn === today) return;
    const oldest = today - this.#horizon.days;
    for (const [number, { touched }] of this.#days) {
      if (touched >= oldest) continue;
      if (room <= 0) return; // the next commit goes on
      room -= this.#forgetOf(number, room);
      if (this.#days.has(number)) return;
    }
    this.#lookedOn = today;
  }

  /** Forgets up to `limit` events of a day, the oldest first. */
  #forgetOf(number: number, limit: number): number {
    const day = this.#days.get(number)!;
    const gone = Number(this.#forget.run(this.#key(number * 86_400), this.#key((number + 1) * 86_400), limit).changes);
    day.rows -= gone;
    this.#rows -= gone;
    if (gone < limit || day.rows <= 0) {
      this.#rows -= day.rows;
      this.#days.delete(number);
    }
    this.#changed.add(number);
    return gone;
  }

  /** The first key of a second; after the last second, the first of the next integration. */
  #key(seconds: number): Uint8Array {
    const key = Buffer.alloc(8);
    const over = seconds > 0xffff_ffff;
    key.writeUInt32BE(this.#integration + (over ? 1 : 0), 0);
    key.writeUInt32BE(over ? 0 : seconds, 4);
    return key;
  }
}

/** Days since 1970 of the eventTime in a key (sent-key.ts). */
export function dayOf(key: Uint8Array): number {
  return Math.floor((key[4]! * 0x100_0000 + key[5]! * 0x1_0000 + key[6]! * 0x100 + key[7]!) / 86_400);
}
