import { blob } from "./column.ts";
import type { StateReads, StateTransaction } from "./state-database.ts";

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

/** Keys in one statement; a short list repeats its last, so that there are few statements to prepare. */
const lookups = [1, 10, 100, 500] as const;

const dayMs = 86_400_000;

interface Day {
  readonly rows: number;
  /** Day (since 1970) on which one of its events was last sent or met. */
  readonly touched: number;
}

/** What is remembered, by the day of its eventTime. */
interface Counts {
  readonly days: Map<number, Day>;
  readonly rows: number;
  /** Days up to here were looked through for old ones. */
  readonly lookedOn: number;
}

/** A key, what was sent under it, and the number of the request's receipt. */
export interface SentRow {
  readonly key: Uint8Array;
  readonly sha: Uint8Array;
  readonly receipt?: number | undefined;
}

/**
 * What one integration has sent, and how far back it remembers. Rows are counted by the day of their eventTime, so neither
 * limit ever costs a scan. Nobody else writes what it counts.
 */
export class SentLedger {
  readonly #integration: number;
  readonly #horizon: SentHorizon;
  #counts: Counts | undefined;

  constructor(integration: number, horizon: SentHorizon) {
    this.#integration = integration;
    this.#horizon = horizon;
  }

  /** 8 bytes of the SHA-256 of what was sent under each key. */
  async getAll(reads: StateReads, keys: readonly Uint8Array[]): Promise<readonly (Uint8Array | undefined)[]> {
    const known = new Map<string, Uint8Array>();
    const most = lookups.at(-1)!;
    for (let at = 0; at < keys.length; at += most) {
      const some = keys.slice(at, at + most);
      const places = lookups.find((count) => count >= some.length)!;
      const values = Array.from({ length: places }, (_, index) => some[Math.min(index, some.length - 1)]!);
      const rows = await reads.all(`SELECT key, sha FROM sent WHERE key IN (${list(places)})`, ...values);
      for (const row of rows) known.set(textOf(blob(row["key"])!), blob(row["sha"])!);
    }
    return known.size === 0 ? keys.map(() => undefined) : keys.map((key) => known.get(textOf(key)));
  }

  /**
   * Within the caller's transaction; one at a time.
   * @param sent keys, and what was sent under them
   * @param met keys of events that came again and were delivered before
   * @param now ms since 1970
   * @returns to be called once it is committed: until then the ledger counts as before
   */
  async write(
    transaction: StateTransaction,
    sent: readonly SentRow[],
    met: readonly Uint8Array[],
    now: number,
  ): Promise<() => void> {
    const before = this.#counts ?? (await this.#load(transaction));
    const write = new Write(this.#integration, this.#horizon, before, Math.floor(now / dayMs));
    const after = await write.run(transaction, sent, met);
    return () => {
      this.#counts = after(before.days);
    };
  }

  async #load(reads: StateReads): Promise<Counts> {
    const rows = await reads.all("SELECT day, rows, touched FROM sent_day WHERE integration = ?", this.#integration);
    const days = rows.map((row): [number, Day] => [
      Number(row["day"]),
      { rows: Number(row["rows"]), touched: Number(row["touched"]) },
    ]);
    return { days: new Map(days), rows: days.reduce((sum, [, day]) => sum + day.rows, 0), lookedOn: -1 };
  }
}

/** What one transaction changes, on top of what is committed. */
class Write {
  readonly #integration: number;
  readonly #horizon: SentHorizon;
  readonly #before: Counts;
  readonly #today: number;
  /** Undefined: forgotten. */
  readonly #changed = new Map<number, Day | undefined>();
  #rows: number;
  #lookedOn: number;

  constructor(integration: number, horizon: SentHorizon, before: Counts, today: number) {
    this.#integration = integration;
    this.#horizon = horizon;
    this.#before = before;
    this.#today = today;
    this.#rows = before.rows;
    this.#lookedOn = before.lookedOn;
  }

  async run(
    transaction: StateTransaction,
    sent: readonly SentRow[],
    met: readonly Uint8Array[],
  ): Promise<(days: Map<number, Day>) => Counts> {
    for (const [number, rows] of byDay(sent)) {
      const added = await transaction.insert("sent (key, sha, receipt)", rows, "DO NOTHING");
      this.#touch(number, added);
      if (added < rows.length)
        await transaction.insert(
          "sent (key, sha, receipt)",
          rows,
          "(key) DO UPDATE SET sha = excluded.sha, receipt = excluded.receipt",
        );
    }
    for (const key of met) this.#touch(dayOf(key), 0);
    await this.#forgetSome(transaction);
    for (const [number, day] of this.#changed)
      if (day === undefined)
        await transaction.run("DELETE FROM sent_day WHERE integration = ? AND day = ?", this.#integration, number);
      else
        await transaction.insert(
          "sent_day (integration, day, rows, touched)",
          [[this.#integration, number, day.rows, day.touched]],
          "(integration, day) DO UPDATE SET rows = excluded.rows, touched = excluded.touched",
        );
    return (days) => {
      for (const [number, day] of this.#changed)
        if (day === undefined) days.delete(number);
        else days.set(number, day);
      return { days, rows: this.#rows, lookedOn: this.#lookedOn };
    };
  }

  #day(number: number): Day | undefined {
    return this.#changed.has(number) ? this.#changed.get(number) : this.#before.days.get(number);
  }

  #touch(number: number, added: number): void {
    const { rows = 0, touched = -1 } = this.#day(number) ?? {};
    if (added === 0 && touched >= this.#today) return;
    this.#changed.set(number, { rows: rows + added, touched: Math.max(touched, this.#today) });
    this.#rows += added;
  }

  async #forgetSome(transaction: StateTransaction): Promise<void> {
    let room = slice;
    const numbers = () => new Set([...this.#before.days.keys(), ...this.#changed.keys()]);
    if (this.#rows > this.#horizon.rows)
      for (const number of [...numbers()].toSorted((a, b) => a - b)) {
        const over = this.#rows - this.#horizon.rows;
        if (over <= 0 || room <= 0) break;
        room -= await this.#forgetOf(transaction, number, Math.min(room, over));
      }
    if (this.#lookedOn === this.#today) return;
    const oldest = this.#today - this.#horizon.days;
    for (const number of numbers()) {
      const day = this.#day(number);
      if (day === undefined || day.touched >= oldest) continue;
      if (room <= 0) return; // the next commit goes on
      room -= await this.#forgetOf(transaction, number, room);
      if (this.#day(number) !== undefined) return;
    }
    this.#lookedOn = this.#today;
  }

  /** Forgets up to `limit` events of a day, the oldest first. */
  async #forgetOf(transaction: StateTransaction, number: number, limit: number): Promise<number> {
    const day = this.#day(number);
    if (day === undefined) return 0;
    const gone = await transaction.run(
      "DELETE FROM sent WHERE key IN (SELECT key FROM sent WHERE key >= ? AND key < ? ORDER BY key LIMIT ?)",
      this.#key(number * 86_400),
      this.#key((number + 1) * 86_400),
      limit,
    );
    const left = gone < limit ? 0 : day.rows - gone;
    this.#rows -= day.rows - Math.max(left, 0);
    this.#changed.set(number, left <= 0 ? undefined : { ...day, rows: left });
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

/** Rows of `sent` by the day of their eventTime, each key once with what was sent under it last. */
function byDay(
  sent: readonly SentRow[],
): ReadonlyMap<number, readonly (readonly [key: Uint8Array, sha: Uint8Array, receipt: number | null])[]> {
  const days = new Map<number, Map<string, readonly [Uint8Array, Uint8Array, number | null]>>();
  for (const { key, sha, receipt } of sent) {
    const number = dayOf(key);
    let day = days.get(number);
    if (day === undefined) days.set(number, (day = new Map()));
    day.set(textOf(key), [key, sha, receipt ?? null]);
  }
  return new Map([...days].map(([number, day]) => [number, [...day.values()]]));
}

/** Days since 1970 of the eventTime in a key (sent-key.ts). */
export function dayOf(key: Uint8Array): number {
  return Math.floor((key[4]! * 0x100_0000 + key[5]! * 0x1_0000 + key[6]! * 0x100 + key[7]!) / 86_400);
}

const list = (count: number): string => Array.from({ length: count }, () => "?").join(", ");

/** A key as a text, for maps. */
function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
}
