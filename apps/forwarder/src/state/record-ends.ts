import { hash } from "node:crypto";
import { blob, number, text } from "./column.ts";
import { foldedEnds } from "./folded-ends.ts";
import { queuedEnds } from "./queued-ends.ts";
import { type FoldedEnds, type RecordEnd, whose } from "./record-end.ts";
import { secondsOf } from "./sent-key.ts";
import type { Row, SqlValue, StateReads } from "./state-database.ts";

const page = 500;
/** Looks records up in the ledger, as far as the state remembers them. Reads alone. */
export class RecordEnds {
  readonly #reads: StateReads;
  /** Of an integration's name; undefined: all. */
  readonly #name: string | undefined;

  constructor(reads: StateReads, integration: string | undefined) {
    this.#reads = reads;
    this.#name = integration;
  }

  /**
   * The ends of all records that became the event with this id.
   * @param time eventTime, RFC 3339: with it no day has to be looked through
   */
  async *ofEvent(
    id: string,
    time: string | undefined,
    onDay: (days: number) => void = () => undefined,
  ): AsyncGenerator<RecordEnd, void, void> {
    let days = 0;
    for (const integration of await this.#integrations()) {
      const tail = hash("sha256", `${String(integration["channel"])}\0${id}`, "buffer").subarray(0, 8);
      for (const [from, to] of await this.#ranges(Number(integration["id"]), time)) {
        const rows = await this.#reads.all(
          `SELECT s.key, r.request_id, r.at FROM sent s LEFT JOIN receipt r ON r.id = s.receipt
            WHERE s.key >= ? AND s.key < ? AND substr(s.key, 9, 8) = ?`,
          from,
          to,
          tail,
        );
        for (const row of rows) {
          const seconds = secondsOf(blob(row["key"]) ?? new Uint8Array(16));
          yield {
            ...whose(integration),
            end: "delivered",
            eventId: id,
            eventTime: seconds === 0 ? undefined : new Date(seconds * 1000).toISOString(),
            at: number(row["at"]),
            requestId: text(row["request_id"]),
          };
        }
        onDay(++days);
      }
      yield* this.#exceptions("e.integration = ? AND e.event_id = ?", Number(integration["id"]), id);
      yield* queuedEnds(this.#reads, integration, ({ eventId }) => eventId === id);
    }
  }

  /** The ends of the records that began at an offset of a source; where only numbers are known, those of its chunk. */
  async *ofPlace(source: string, offset: number): AsyncGenerator<RecordEnd | FoldedEnds, void, void> {
    for (const integration of await this.#integrations()) {
      const id = Number(integration["id"]);
      // Of a damaged chunk no record has a place of its own: one stands for all.
      yield* this.#exceptions(
        `e.integration = ? AND c.source = ? AND ((e.frame >= 0 AND e.frame_offset = ?) OR
          (e.frame < 0 AND c.first_offset <= ? AND c.last_offset >= ? AND e.id = (SELECT min(x.id) FROM exception x WHERE x.chunk = c.id AND x.frame < 0)))`,
        id,
        source,
        offset,
        offset,
        offset,
      );
      yield* queuedEnds(this.#reads, integration, (end) => end.source === source && end.offset === offset, {
        source,
        offset,
      });
      yield* foldedEnds(
        this.#reads,
        integration,
        "source = ? AND first_offset <= ? AND last_offset >= ?",
        "c.source = ? AND c.first_offset <= ? AND c.last_offset >= ?",
        [source, offset, offset],
      );
    }
  }

  /** What ended in a time: dead and dropped records one by one, the others by the counts of their chunks. @param since ms since 1970 */
  async *between(since: number, until: number): AsyncGenerator<RecordEnd | FoldedEnds, void, void> {
    for (const integration of await this.#integrations()) {
      yield* this.#exceptions("e.integration = ? AND e.at >= ? AND e.at < ?", Number(integration["id"]), since, until);
      // What is not folded yet was settled within the last minutes.
      const recent = until > Date.now() - 120_000 ? "1 = 1" : "1 = 0";
      yield* foldedEnds(this.#reads, integration, "settled_at >= ? AND settled_at < ?", recent, [since, until], []);
    }
  }

  /** Oldest time in the ledger of an integration, as the settings keep it; undefined when nothing is remembered. Days since 1970. */
  async horizon(): Promise<number | undefined> {
    const oldest = await Promise.all(
      (await this.#integrations()).map(({ id }) =>
        this.#reads.get("SELECT min(day) AS day FROM sent_day WHERE integration = ?", Number(id)),
      ),
    );
    const days = oldest.flatMap((row) => number(row?.["day"]) ?? []);
    return days.length === 0 ? undefined : Math.min(...days);
  }

  async #integrations(): Promise<readonly Row[]> {
    const all = await this.#reads.all(
      "SELECT id, name, destination, adapter, channel FROM integration ORDER BY name, adapter, destination, channel",
    );
    return all.filter(({ name }) => this.#name === undefined || name === this.#name);
  }

  /** The parts of the ledger to look through: a second, or each of its days. */
  async #ranges(
    integration: number,
    time: string | undefined,
  ): Promise<readonly (readonly [Uint8Array, Uint8Array])[]> {
    if (time !== undefined) {
      const second = Math.floor(Date.parse(time) / 1000);
      return [[keyOf(integration, second), keyOf(integration, second + 1)]];
    }
    const rows = await this.#reads.all("SELECT day FROM sent_day WHERE integration = ? ORDER BY day DESC", integration);
    return rows.map(({ day }) => [
      keyOf(integration, Number(day) * 86_400),
      keyOf(integration, (Number(day) + 1) * 86_400),
    ]);
  }

  async *#exceptions(condition: string, ...values: readonly SqlValue[]): AsyncGenerator<RecordEnd, void, void> {
    for (let after = 0; ;) {
      const rows = await this.#reads.all(
        `SELECT e.id, e.kind, e.code, e.message, e.event_id, e.at, e.frame_offset, c.source, i.name, i.destination, i.adapter, i.channel
          FROM exception e JOIN integration i ON i.id = e.integration JOIN chunk c ON c.id = e.chunk
          WHERE ${condition} AND e.id > ? ORDER BY e.id LIMIT ?`,
        ...values,
        after,
        page,
      );
      for (const row of rows)
        yield {
          ...whose(row),
          end: row["kind"] === "dead" ? "dead" : "dropped",
          code: String(row["code"]),
          message: String(row["message"]),
          eventId: text(row["event_id"]),
          at: number(row["at"]),
          source: String(row["source"]),
          offset: number(row["frame_offset"]),
        };
      if (rows.length < page) return;
      after = Number(rows.at(-1)!["id"]);
    }
  }
}

/** The first key of a second; after the last one, the first of the next integration. */
function keyOf(integration: number, seconds: number): Uint8Array {
  const key = Buffer.alloc(8);
  const over = seconds > 0xffff_ffff;
  key.writeUInt32BE(integration + (over ? 1 : 0), 0);
  key.writeUInt32BE(over ? 0 : Math.max(0, seconds), 4);
  return key;
}
