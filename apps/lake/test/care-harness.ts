import { Care, type CareOptions } from "../src/care/care.ts";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { journalLine, packLines } from "../src/journal/journal-line.ts";
import { storeRecord } from "./catalog-contract.ts";
import { memoryCheckpoints, memoryObjects, memoryShredder } from "./memory-tables.ts";

export const dayMs = 86_400_000;

/** Care over the real catalog in memory and tables in memory, by a clock of the test's own. */
export interface CareHarness {
  readonly catalog: SqliteCatalog;
  readonly objects: ReturnType<typeof memoryObjects>;
  readonly entries: Readonly<Record<string, unknown>>[];
  /** Wall time and monotonic time, ms. */
  readonly time: { now: number; monotonic: number };
  newCare(options?: Partial<CareOptions>): Care;
  putStore(storeId: string, retentionPeriod: number): Promise<void>;
  /** One journal row of these events, each a moment of its own. */
  append(storeId: string, ...eventtimes: readonly number[]): Promise<void>;
  waiting(storeId: string): Promise<number>;
}

export async function openCareHarness(now: number): Promise<CareHarness> {
  const time = { now, monotonic: 0 };
  const clock = { now: () => time.now, monotonic: () => time.monotonic };
  const catalog = await openSqliteCatalog({ file: ":memory:", clock });
  const objects = memoryObjects();
  const entries: Readonly<Record<string, unknown>>[] = [];
  let ids = 0;
  let events = 0;
  return {
    catalog,
    objects,
    entries,
    time,
    newCare: (options = {}) =>
      new Care({
        catalog,
        objects,
        shredder: memoryShredder(objects),
        checkpoints: memoryCheckpoints,
        clock,
        newId: () => `id-${ids++}`,
        holder: "care",
        // Every journal row is due.
        triggers: { events: 1, bytes: 1e9, ageMs: 60_000 },
        log: (entry) => entries.push(entry),
        ...options,
      }),
    putStore: async (storeId, retentionPeriod) => {
      await catalog.changeControl(await catalog.generation(), [
        { kind: "putStore", store: { ...storeRecord(storeId), retentionPeriod } },
      ]);
    },
    append: async (storeId, ...eventtimes) => {
      const lines = eventtimes.map((eventtime) =>
        journalLine({
          eventid: `65000000-0000-8000-8000-${(events++).toString(16).padStart(12, "0")}`,
          eventtime,
          ingestiontime: eventtime,
          channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
          awsregion: "us-east-1",
          recipientaccountid: "111122223333",
          eventdata: `{"version":"1.0","UID":"${events}"}`,
        }),
      );
      const entry = { storeId, events: lines.length, bytes: packLines(lines) };
      await catalog.append({
        generation: await catalog.generation(),
        entries: [entry],
        ingestion: [],
        createdAt: time.now,
      });
    },
    waiting: async (storeId) => (await catalog.readJournal(storeId, { maxEvents: 1e6, maxBytes: 1e9 })).length,
  };
}
