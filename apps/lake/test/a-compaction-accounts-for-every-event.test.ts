import { expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { journalLine, packLines } from "../src/journal/journal-line.ts";
import { storeRecord } from "./catalog-contract.ts";
import { memoryObjects, memoryShredder } from "./memory-tables.ts";

const store = "5a1e0000-0000-4000-8000-00000000000a";
const now = Date.parse("2026-05-01T12:00:00Z");
const clock = { now: () => now, monotonic: () => now };

test("a shredder that loses an event is found before anything is changed: the row stays in the journal", async () => {
  const catalog = await openSqliteCatalog({ file: ":memory:", clock });
  await catalog.changeControl(1, [{ kind: "putStore", store: storeRecord(store) }]);
  const line = journalLine({
    eventid: "00000000-0000-8000-8000-000000000001",
    eventtime: now,
    ingestiontime: now,
    channelarn: "c",
    awsregion: "us-east-1",
    recipientaccountid: "111122223333",
    eventdata: `{"UID":"1"}`,
  });
  const entries = [{ storeId: store, events: 1, bytes: packLines([line]) }];
  await catalog.append({ generation: 2, entries, ingestion: [], createdAt: now });
  const objects = memoryObjects();
  const whole = memoryShredder(objects);
  const shredder = {
    ...whole,
    load: async (...values: Parameters<typeof whole.load>) => ({
      ...(await whole.load(...values)),
      days: async () => [],
    }),
  };
  await expect(
    compactStore({ catalog, objects, shredder, clock, newId: () => "id" }, store, undefined),
  ).rejects.toMatchObject({ code: "COMPACTION_COUNT" });
  expect(await catalog.journalBacklog()).toMatchObject([{ storeId: store, events: 1 }]);
  expect((await catalog.snapshot(store)).version).toBe(0);
  await catalog.close();
});
