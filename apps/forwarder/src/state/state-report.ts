import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import { blob, text } from "./column.ts";
import { type State, states } from "./store.ts";

/** What the state says of one integration of `tributary run`, or of an adapter and channel of `tributary forward`. */
export interface IntegrationReport {
  /** Empty for `tributary forward`. */
  readonly name: string;
  readonly adapter: string;
  readonly channelArn: string;
  /** Promise 1: all records that were mapped, and how each ended. read is the sum of the others. */
  readonly counts: Readonly<Record<State | "read", number>>;
  /** Frames that were stored and not mapped yet; they are no records so far. */
  readonly unmapped: number;
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
export function stateReport(database: DatabaseSync): readonly IntegrationReport[] {
  const chunks = database.prepare(
    "SELECT open, states FROM chunk c LEFT JOIN progress p ON p.chunk = c.id WHERE integration = ?",
  );
  const settled = database.prepare("SELECT * FROM settled WHERE integration = ?");
  const polled = database.prepare(
    "SELECT since, iif(cursor IS NULL, NULL, at) AS at FROM polled WHERE name = ? AND adapter = ? ORDER BY polled.at DESC LIMIT 1",
  );
  const troubles = database.prepare("SELECT * FROM trouble WHERE integration = ? ORDER BY at DESC");
  const newest = database.prepare("SELECT key FROM sent WHERE key >= ? AND key < ? ORDER BY key DESC LIMIT 1");
  return database
    .prepare("SELECT id, name, adapter, channel FROM integration ORDER BY name, adapter, channel")
    .all()
    .map((row) => {
      const id = Number(row["id"]);
      const [name, adapter] = [String(row["name"]), String(row["adapter"])];
      const key = blob(newest.get(keyOf(id), keyOf(id + 1))?.["key"]);
      const place = name === "" ? undefined : polled.get(name, adapter);
      return {
        name,
        adapter,
        channelArn: String(row["channel"]),
        ...counted(settled.get(id), chunks.iterate(id)),
        since: text(place?.["since"]),
        pageAt: number(place?.["at"]),
        newestDelivered: key === undefined ? undefined : Buffer.from(key).readUInt32BE(4),
        troubles: troubles.all(id).map((trouble) => ({
          part: String(trouble["part"]),
          code: String(trouble["code"]),
          message: String(trouble["message"]),
          at: Number(trouble["at"]),
          over: number(trouble["over"]),
        })),
      };
    });
}

function counted(
  folded: Readonly<Record<string, SQLOutputValue>> | undefined,
  rows: Iterable<Readonly<Record<string, SQLOutputValue>>>,
): Pick<IntegrationReport, "counts" | "unmapped"> {
  const ends = [0, 0, 0, 0, 0, 0];
  let unmapped = 0;
  for (const row of rows) {
    unmapped += Math.max(0, -Number(row["open"]));
    for (const end of blob(row["states"]) ?? []) ends[end] = (ends[end] ?? 0) + 1;
  }
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

function number(value: SQLOutputValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}
