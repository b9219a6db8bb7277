import { blob, number, text } from "./column.ts";
import type { Holder } from "./leases.ts";
import type { Row, StateDatabase, StateReads } from "./state-database.ts";
import { type State, states } from "./store.ts";

/** What the state says of one destination of an integration of `tributary run`, or of an adapter and channel of `tributary forward`. */
export interface IntegrationReport {
  /** Empty for `tributary forward`. */
  readonly name: string;
  /** Of several; empty for an integration's only one. */
  readonly destination: string;
  readonly adapter: string;
  readonly channelArn: string;
  /** Of a state that several forwarders share: which of them polls and delivers it. */
  readonly holder?: Holder | undefined;
  /** Promise 1: all records that were mapped, and how each ended. read is the sum of the others. */
  readonly counts: Readonly<Record<State | "read", number>>;
  /** Frames that were stored and not mapped yet; they are no records so far. */
  readonly unmapped: number;
  /** Counted on another way than by ends: records taken in, dead letters, and queued records of open chunks. */
  readonly taken: number;
  readonly letters: number;
  readonly open: number;
  readonly deadByCode: Readonly<Record<string, number>>;
  /** Dead letters that `dlq replay` asked for. */
  readonly asked: number;
  /** When the oldest queued record was received; RFC 3339. */
  readonly oldestQueued?: string | undefined;
  /** Delivered within the last minutes, a second. */
  readonly deliveredPerSecond: number;
  /** How far back it is known what was delivered: the day of the oldest eventTime (days since 1970), and how many events. */
  readonly remembered: { readonly events: number; readonly since: number | undefined };
  /** Of the poller: where it started, and when it stored its last page (ms since 1970; undefined before the first). */
  readonly since?: string | undefined;
  readonly pageAt?: number | undefined;
  /** The newest eventTime that was delivered; seconds since 1970. */
  readonly newestDelivered?: number | undefined;
  /** The last thing that stopped each part; `over` once it went on, ms since 1970. */
  readonly troubles: readonly {
    readonly part: string;
    readonly code: string;
    readonly message: string;
    readonly at: number;
    readonly over: number | undefined;
  }[];
}

/** Reads a state of this version, beside a running forwarder. Counts come from the committed end of each record. */
export function stateReport(database: StateDatabase, now = Date.now()): Promise<readonly IntegrationReport[]> {
  return database.snapshot(async (reads) => {
    const rows = await reads.all(
      "SELECT id, name, destination, adapter, channel FROM integration ORDER BY name, adapter, destination, channel",
    );
    const reports: IntegrationReport[] = [];
    const holders = await database.leases?.holders(reads);
    for (const row of rows) {
      // Destinations are held together, under the first number of their integration.
      const numbers = rows.filter(({ name, adapter }) => name === row["name"] && adapter === row["adapter"]);
      const first = Math.min(...numbers.map(({ id }) => Number(id)));
      reports.push({ ...(await reportOf(reads, row, now)), holder: holders?.get(first) });
    }
    return reports;
  });
}

/** What a rate is counted over, ms. */
const rateMs = 300_000;

async function reportOf(reads: StateReads, row: Row, now: number): Promise<IntegrationReport> {
  const id = Number(row["id"]);
  const [name, adapter] = [String(row["name"]), String(row["adapter"])];
  const newest = await reads.get(
    "SELECT key FROM sent WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT 1",
    keyOf(id),
    keyOf(id + 1),
  );
  const key = blob(newest?.["key"]);
  const place =
    name === ""
      ? undefined
      : await reads.get(
          `SELECT since, CASE WHEN cursor IS NULL THEN NULL ELSE at END AS at FROM polled WHERE name = ? AND adapter = ?
            ORDER BY polled.at DESC LIMIT 1`,
          name,
          adapter,
        );
  const troubles = await reads.all("SELECT * FROM trouble WHERE integration = ? ORDER BY at DESC", id);
  return {
    name,
    destination: String(row["destination"]),
    adapter,
    channelArn: String(row["channel"]),
    ...(await counted(reads, id)),
    ...(await countedOtherwise(reads, id, now)),
    since: text(place?.["since"]),
    pageAt: number(place?.["at"]),
    newestDelivered: key === undefined ? undefined : Buffer.from(key).readUInt32BE(4),
    troubles: troubles.map((trouble) => ({
      part: String(trouble["part"]),
      code: String(trouble["code"]),
      message: String(trouble["message"]),
      at: Number(trouble["at"]),
      over: number(trouble["over"]),
    })),
  };
}

async function countedOtherwise(reads: StateReads, id: number, now: number) {
  const one = async (sql: string, ...values: readonly number[]) => (await reads.get(sql, id, ...values)) ?? {};
  const { taken } = await one("SELECT taken FROM settled WHERE integration = ?");
  const dead = await reads.all(
    "SELECT code, count(*) AS n FROM exception WHERE integration = ? AND kind = 'dead' GROUP BY code ORDER BY n DESC, code",
    id,
  );
  const { open } = await one("SELECT sum(open) AS open FROM chunk WHERE integration = ? AND open > 0");
  const { asked } = await one("SELECT count(*) AS asked FROM asked WHERE integration = ?");
  const oldest = await one("SELECT received_at FROM chunk WHERE open <> 0 AND integration = ? ORDER BY id LIMIT 1");
  const rate = await one("SELECT sum(delivered) AS n FROM receipt WHERE integration = ? AND at > ?", now - rateMs);
  const sent = await one("SELECT sum(rows) AS events, min(day) AS since FROM sent_day WHERE integration = ?");
  return {
    taken: Number(taken ?? 0),
    letters: dead.reduce((sum, { n }) => sum + Number(n), 0),
    deadByCode: Object.fromEntries(dead.map(({ code, n }) => [String(code), Number(n)])),
    open: Number(open ?? 0),
    asked: Number(asked ?? 0),
    oldestQueued: text(oldest["received_at"]),
    deliveredPerSecond: Math.round((Number(rate["n"] ?? 0) * 10_000) / rateMs) / 10,
    remembered: { events: Number(sent["events"] ?? 0), since: number(sent["since"]) },
  };
}

/** Chunks in memory at once. */
const page = 1000;

async function counted(
  reads: StateReads,
  integration: number,
): Promise<Pick<IntegrationReport, "counts" | "unmapped">> {
  const ends = [0, 0, 0, 0, 0, 0];
  let unmapped = 0;
  for (let after = 0; ;) {
    const rows = await reads.all(
      `SELECT id, open, states FROM chunk c LEFT JOIN progress p ON p.chunk = c.id
        WHERE integration = ? AND id > ? ORDER BY id LIMIT ?`,
      integration,
      after,
      page,
    );
    for (const row of rows) {
      unmapped += Math.max(0, -Number(row["open"]));
      for (const end of blob(row["states"]) ?? []) ends[end] = (ends[end] ?? 0) + 1;
    }
    if (rows.length < page) break;
    after = Number(rows.at(-1)!["id"]);
  }
  const folded = await reads.get("SELECT * FROM settled WHERE integration = ?", integration);
  const of = (state: State) => (ends[states[state]] ?? 0) + Number(folded?.[state] ?? 0);
  const counts = {
    delivered: of("delivered"),
    already: of("already"),
    changed: of("changed"),
    dead: of("dead"),
    dropped: of("dropped"),
    queued: of("queued"),
  };
  return { counts: { read: Object.values(counts).reduce((sum, count) => sum + count, 0), ...counts }, unmapped };
}

function keyOf(integration: number): Uint8Array {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(integration);
  return key;
}
