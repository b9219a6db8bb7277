import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { type JournalEvent, journalLine, packLines } from "../src/journal/journal-line.ts";
import { storeRecord } from "./catalog-contract.ts";
import { memoryObjects, memoryShredder, readTable } from "./memory-tables.ts";

const store = "5a1e0000-0000-4000-8000-00000000000a";
const now = Date.parse("2026-05-01T12:00:00Z");
const clock = { now: () => now, monotonic: () => now };
let catalog: SqliteCatalog;
beforeEach(async () => {
  catalog = await openSqliteCatalog({ file: ":memory:", clock });
  await catalog.changeControl(1, [{ kind: "putStore", store: storeRecord(store) }]);
});
afterEach(() => catalog.close());

const event: JournalEvent = {
  eventid: "00000000-0000-8000-8000-000000000001",
  eventtime: now,
  ingestiontime: now,
  channelarn: "c",
  awsregion: "us-east-1",
  recipientaccountid: "111122223333",
  eventdata: `{"UID":"1"}`,
};

async function append(): Promise<void> {
  const entry = { storeId: store, events: 1, bytes: packLines([journalLine(event)]) };
  await catalog.append({ generation: 2, entries: [entry], ingestion: [], createdAt: now });
}

/** What a compactor calls on its way, in the order in which it does; another may commit before each. */
const moments = ["snapshot", "readJournal", "tombstones", "addIntent", "put"] as const;

test.for(moments)(
  "a resend that another compacts just before this one's call of %s is stored once: the commit decides",
  async (moment) => {
    const objects = memoryObjects();
    let ids = 0;
    const ports = { catalog, objects, shredder: memoryShredder(objects), clock, newId: () => `id-${ids++}` };
    // Each has one of the two rows: an event and its resend.
    await append();
    const first = { maxEvents: 1, maxBytes: 1e6, maxDays: 2, maxTextBytes: 1e6 };
    let isMeant = true;
    const other = async () => {
      if (!isMeant) return;
      isMeant = false;
      await append();
      const rows = await catalog.readJournal(store, { maxEvents: 10, maxBytes: 1e6 });
      const skip = { ...catalog, readJournal: async () => rows.slice(-1) };
      expect((await compactStore({ ...ports, catalog: skip }, store, undefined, first)).kind).toBe("compacted");
    };
    const before = <A extends unknown[], R>(call: (...values: A) => Promise<R>) => {
      return async (...values: A): Promise<R> => {
        await other();
        return await call(...values);
      };
    };
    const slow = {
      ...ports,
      catalog: { ...catalog, ...(moment !== "put" && { [moment]: before(catalog[moment] as () => Promise<never>) }) },
      objects: {
        ...objects,
        ...(moment === "put" && {
          put: before((path: string, content: Uint8Array | { readonly file: string }) => objects.put(path, content)),
        }),
      },
    };
    await compactStore(slow, store, undefined, first);
    for (let turn = 0; turn < 3; turn++) await compactStore(ports, store, undefined, first);
    expect(await catalog.journalBacklog()).toEqual([]);
    const { files } = await catalog.snapshot(store);
    expect(files.flatMap(({ path }) => readTable(objects.stored.get(path)!).map(({ eventid }) => eventid))).toEqual([
      event.eventid,
    ]);
    expect(await catalog.counters(store)).toMatchObject({ stored: 1, duplicate: 1 });
  },
);
