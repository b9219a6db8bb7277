import { hash } from "node:crypto";
import { decodeFrames, decodeResults } from "./chunk-codec.ts";
import { blob, text } from "./column.ts";
import { damageCode, undamaged } from "./damage.ts";
import { secondsOf } from "./sent-key.ts";
import type { Row, SqlValue, StateReads } from "./state-database.ts";
import { type State, states } from "./store.ts";

/** What the state knows of how one record ended. */
export interface RecordEnd {
  readonly integration: string;
  /** Of several; empty for an only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
  readonly end: State;
  /** ms since 1970; undefined where it is not known any more. */
  readonly at?: number | undefined;
  /** Of the request by which it was delivered. */
  readonly requestId?: string | undefined;
  /** Why it is dead, or the rule by which it was dropped. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  readonly eventId?: string | undefined;
  /** RFC 3339. */
  readonly eventTime?: string | undefined;
  readonly source?: string | undefined;
  readonly offset?: number | undefined;
}

/** Records of one chunk of a source whose ends are known as numbers alone. */
export interface FoldedEnds {
  readonly integration: string;
  /** Of several; empty for an only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
  readonly source: string;
  /** Offsets of its first and its last record. */
  readonly from: number;
  readonly to: number;
  readonly receivedAt: string;
  /** ms since 1970; undefined for what was settled a moment ago. */
  readonly at?: number | undefined;
  readonly counts: Readonly<Record<Exclude<State, "queued">, number>>;
}

const page = 500;
/** By the byte of a record. */
const names = ["queued", "delivered", "already", "changed", "dead", "dropped"] as const satisfies readonly State[];

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
            ...who(integration),
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
      yield* this.#queued(integration, ({ eventId }) => eventId === id);
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
      yield* this.#queued(integration, (end) => end.source === source && end.offset === offset, { source, offset });
      yield* this.#folded(
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
      yield* this.#folded(integration, "settled_at >= ? AND settled_at < ?", recent, [since, until], []);
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
          ...who(row),
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

  /** Records of chunks that are not settled as a whole; dead and dropped ones among them are exceptions already. */
  async *#queued(
    integration: Row,
    fits: (end: RecordEnd) => boolean,
    at?: { readonly source: string; readonly offset: number },
  ): AsyncGenerator<RecordEnd, void, void> {
    const chunks = await this.#reads.all(
      "SELECT id, source, first_offset, last_offset FROM chunk WHERE open <> 0 AND integration = ? ORDER BY id",
      Number(integration["id"]),
    );
    for (const chunk of chunks) {
      if (at !== undefined && chunk["source"] !== at.source) continue;
      const row = await this.#reads.get(
        `SELECT s.frames, m.results, p.states, s.chunk AS spool_chunk, m.chunk AS mapped_chunk FROM chunk c
          JOIN spool s ON s.chunk = coalesce(c.spool, c.id) LEFT JOIN mapped m ON m.chunk = c.id
          LEFT JOIN progress p ON p.chunk = c.id WHERE c.id = ?`,
        Number(chunk["id"]),
      );
      const stored = blob(row?.["results"]);
      const frames = undamaged(() => decodeFrames(blob(row?.["frames"]) ?? new Uint8Array()));
      const results = stored && undamaged(() => decodeResults(stored));
      const ends = blob(row?.["states"]);
      const place = { ...who(integration), source: String(chunk["source"]) };
      if (results === undefined && (frames === undefined || stored !== undefined)) {
        const message =
          "What the state holds of its chunk is damaged: the next delivery maps it again, or sets it aside as dead.";
        if (at !== undefined && Number(chunk["first_offset"]) <= at.offset && at.offset <= Number(chunk["last_offset"]))
          yield { ...place, end: "queued", offset: at.offset, code: damageCode, message };
        continue;
      }
      if (results === undefined || ends === undefined) {
        for (const { offset } of frames ?? []) {
          const end: RecordEnd = { ...place, end: "queued", offset };
          if (fits(end)) yield end;
        }
        continue;
      }
      for (const [record, { frame, result }] of results.entries()) {
        const state = names[ends[record] ?? states.queued]!;
        if (state === "dead" || state === "dropped") continue;
        const eventId = result.kind === "event" ? result.id : undefined;
        const end: RecordEnd = { ...place, end: state, eventId, offset: frames?.[frame]?.offset };
        if (fits(end)) yield end;
      }
    }
  }

  async *#folded(
    integration: Row,
    ofHistory: string,
    ofChunk: string,
    values: readonly SqlValue[],
    chunkValues: readonly SqlValue[] = values,
  ): AsyncGenerator<FoldedEnds, void, void> {
    const id = Number(integration["id"]);
    for (let after = 0; ;) {
      const rows = await this.#reads.all(
        `SELECT * FROM history WHERE integration = ? AND ${ofHistory} AND id > ? ORDER BY id LIMIT ?`,
        id,
        ...values,
        after,
        page,
      );
      for (const row of rows) {
        const of = (state: State) => Number(row[state]);
        const counts = {
          delivered: of("delivered"),
          already: of("already"),
          changed: of("changed"),
          dead: of("dead"),
          dropped: of("dropped"),
        };
        yield { ...who(integration), ...placeOf(row), at: number(row["settled_at"]), counts };
      }
      if (rows.length < page) break;
      after = Number(rows.at(-1)!["id"]);
    }
    const settled = await this.#reads.all(
      `SELECT c.source, c.first_offset, c.last_offset, c.received_at, p.states FROM chunk c JOIN progress p ON p.chunk = c.id
        WHERE c.open = 0 AND c.integration = ? AND ${ofChunk} ORDER BY c.id`,
      id,
      ...chunkValues,
    );
    for (const row of settled) {
      const counts = { delivered: 0, already: 0, changed: 0, dead: 0, dropped: 0, queued: 0 };
      for (const end of blob(row["states"]) ?? []) counts[names[end] ?? "queued"]++;
      yield { ...who(integration), ...placeOf(row), counts };
    }
  }
}

const who = ({ name, destination, adapter, channel }: Row) => ({
  integration: String(name),
  destination: String(destination),
  adapter: String(adapter),
  channelArn: String(channel),
});

const placeOf = (row: Row) => ({
  source: String(row["source"]),
  from: Number(row["first_offset"]),
  to: Number(row["last_offset"]),
  receivedAt: String(row["received_at"]),
});

/** The first key of a second; after the last one, the first of the next integration. */
function keyOf(integration: number, seconds: number): Uint8Array {
  const key = Buffer.alloc(8);
  const over = seconds > 0xffff_ffff;
  key.writeUInt32BE(integration + (over ? 1 : 0), 0);
  key.writeUInt32BE(over ? 0 : Math.max(0, seconds), 4);
  return key;
}

function number(value: SqlValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
