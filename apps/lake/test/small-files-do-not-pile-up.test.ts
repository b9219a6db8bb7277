import { afterEach, beforeEach, expect, test } from "vitest";
import type { Care } from "../src/care/care.ts";
import type { Shredder } from "../src/compactor/shredder.ts";
import { type CareHarness, openCareHarness } from "./care-harness.ts";
import { memoryShredder, readTable } from "./memory-tables.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const start = Date.parse("2026-03-01T00:00:00Z");
let harness: CareHarness;
beforeEach(async () => {
  harness = await openCareHarness(start);
  await harness.putStore(store, 7);
});
afterEach(() => harness.catalog.close());

const files = async (): Promise<number> => (await harness.catalog.snapshot(store)).files.length;
async function compactOnce(care: Care, n: number): Promise<void> {
  await harness.append(store, start + n * 1000);
  expect(await care.step()).toBe(true);
  // Nothing to compact: merges may begin.
  expect(await care.step()).toBe(false);
}

test("a thousand queries, each of which compacts, leave few files and every event", async () => {
  const care = harness.newCare();
  for (let n = 0; n < 1000; n++) {
    await compactOnce(care, n);
    await care.settled();
    expect(await files()).toBeLessThan(16);
  }
  const { files: live } = await harness.catalog.snapshot(store);
  const events = live.flatMap(({ path }) => readTable(harness.objects.stored.get(path)!));
  expect(new Set(events.map(({ eventid }) => eventid)).size).toBe(1000);
  expect(events).toHaveLength(1000);
  expect(harness.entries.filter(({ level }) => level === "error")).toEqual([]);
});

const neverMerges: Pick<Shredder, "merge"> = { merge: () => Promise.reject(new Error("not now")) };

test("small files that an earlier process left are merged without a new event", async () => {
  const before = harness.newCare({ shredder: { ...memoryShredder(harness.objects), ...neverMerges } });
  for (let n = 0; n < 20; n++) await compactOnce(before, n);
  expect(await files()).toBe(20);
  const care = harness.newCare();
  await care.step();
  await care.settled();
  expect(await files()).toBe(1);
});

test("merges wait while one compaction follows another, but not for ever", async () => {
  const merged = (): boolean => harness.entries.some(({ event }) => event === "merged");
  const care = harness.newCare();
  for (let n = 0; n < 60; n++) {
    await harness.append(store, start + n * 1000);
    expect(await care.step()).toBe(true);
    await care.settled();
    harness.time.monotonic += 1000;
  }
  expect(merged()).toBe(false);
  await compactOnce(care, 60);
  await care.settled();
  expect(merged()).toBe(true);
  harness.entries.length = 0;
  for (let n = 61; n < 140 && !merged(); n++) {
    await harness.append(store, start + n * 1000);
    expect(await care.step()).toBe(true);
    await care.settled();
    harness.time.monotonic += 1000;
  }
  expect(merged()).toBe(true);
});

const nothing = (): void => undefined;

/** A shredder whose merges wait until they are let go, or broken off. */
function slowMerges(shredder: Shredder): Shredder & { readonly begun: Promise<void>; letGo(): void } {
  let markBegun = nothing;
  let letGo = nothing;
  const begun = new Promise<void>((resolve) => (markBegun = resolve));
  return {
    ...shredder,
    begun,
    letGo: () => letGo(),
    merge: async (paths, options) => {
      await new Promise<void>((resolve, reject) => {
        letGo = resolve;
        options?.signal?.addEventListener("abort", () => reject(new Error("INTERRUPT Error: broken off")));
        markBegun();
      });
      return await shredder.merge(paths, options);
    },
  };
}

test("a long merge holds up no compaction for a waiting query, and both are kept", async () => {
  const shredder = slowMerges(memoryShredder(harness.objects));
  const care = harness.newCare({ shredder });
  for (let n = 0; n < 8; n++) await compactOnce(care, n);
  await shredder.begun;
  await harness.append(store, start + 99_000);
  const query = { queryId: "q", accountId: "1", callerArn: "a", statement: "s", storeIds: [store], createdAt: 1 };
  await harness.catalog.startQuery({ ...query, status: "QUEUED" }, 10);
  expect((await harness.catalog.readyQuery("q")).kind).toBe("waiting");
  expect(await care.step()).toBe(true);
  expect((await harness.catalog.readyQuery("q")).kind).toBe("ready");
  expect(await files()).toBe(9);
  shredder.letGo();
  await care.settled();
  expect(await files()).toBe(2);
  expect((await harness.catalog.counters(store)).stored).toBe(9);
});

test("a stop breaks a merge off, and it is no fault", async () => {
  const before = harness.newCare({ shredder: { ...memoryShredder(harness.objects), ...neverMerges } });
  for (let n = 0; n < 8; n++) await compactOnce(before, n);
  await before.settled();
  harness.entries.length = 0;
  const shredder = slowMerges(memoryShredder(harness.objects));
  const stop = new AbortController();
  const running = harness.newCare({ shredder }).run(stop.signal, 1);
  await shredder.begun;
  stop.abort();
  await running;
  expect(harness.entries).toEqual([]);
  expect(await files()).toBe(8);
});

test("a merge that fails is told and rests; it takes nothing else with it", async () => {
  let tried = 0;
  const failing: Partial<Shredder> = {
    merge: () => {
      tried += 1;
      return Promise.reject(new Error("IO Error: no space left on device"));
    },
  };
  const care = harness.newCare({ shredder: { ...memoryShredder(harness.objects), ...failing } });
  for (let n = 0; n < 30; n++) {
    await compactOnce(care, n);
    await care.settled();
  }
  expect(tried).toBe(1);
  expect(harness.entries.filter(({ event }) => event === "merge-failed")).toMatchObject([{ storeId: store }]);
  expect(await files()).toBe(30);
  harness.time.monotonic += 10 * 60_000;
  await compactOnce(care, 31);
  await care.settled();
  expect(tried).toBe(2);
});

test("a merge that is too much for the memory is tried again with less", async () => {
  const whole = memoryShredder(harness.objects);
  const tried: number[] = [];
  const small: Pick<Shredder, "merge"> = {
    merge: async (paths, options) => {
      tried.push(paths.length);
      if (paths.length > 4) throw new Error("Out of Memory Error: could not allocate block");
      return await whole.merge(paths, options);
    },
  };
  const before = harness.newCare({ shredder: { ...whole, ...neverMerges } });
  for (let n = 0; n < 16; n++) await compactOnce(before, n);
  await before.settled();
  const mergeLimits = { tiers: [1e6], fanIn: 2, maxFiles: 64, maxBytes: 1e6, maxRows: 16 };
  const care = harness.newCare({ shredder: { ...whole, ...small }, mergeLimits });
  for (let n = 0; n < 4; n++) {
    harness.time.monotonic += 60 * 60_000;
    await care.step();
    await care.settled();
  }
  expect(tried.slice(0, 4)).toEqual([16, 8, 4, 4]);
  expect(await files()).toBe(4);
});

test("a store at whose merge the process died is left alone for a while", async () => {
  const deaths = { compactions: {}, merges: { [store]: 1 }, rows: {} };
  const care = harness.newCare({ deaths });
  for (let n = 0; n < 9; n++) await compactOnce(care, n);
  await care.settled();
  expect(await files()).toBe(9);
  harness.time.monotonic += 5 * 60_000;
  await compactOnce(care, 10);
  await care.settled();
  expect(await files()).toBe(1);
});
