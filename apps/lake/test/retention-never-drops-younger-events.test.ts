import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dropExpired } from "../src/care/drop-expired.ts";
import { type CareHarness, dayMs, openCareHarness } from "./care-harness.ts";
import { readTable } from "./memory-tables.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const other = "5a1e0000-0000-4000-8000-000000000002";
const start = Date.parse("2026-03-01T00:00:00Z");
let harness: CareHarness;
beforeEach(async () => {
  harness = await openCareHarness(start);
});
afterEach(() => harness.catalog.close());

const live = async (storeId = store): Promise<number[]> => {
  const { files } = await harness.catalog.snapshot(storeId);
  return files
    .flatMap(({ path }) => readTable(harness.objects.stored.get(path)!).map(({ eventtime }) => eventtime))
    .toSorted((x, y) => x - y);
};

const dayEnd = (time: number): number => (Math.floor(time / dayMs) + 1) * dayMs;

test("whatever the clock and the retention: what is dropped was too old, and every whole day that is too old goes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 20 * dayMs }), { minLength: 1, maxLength: 20 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 0, max: 40 * dayMs }),
      async (offsets, days, later) => {
        harness = await openCareHarness(start);
        await harness.append(store, ...offsets.map((offset) => start + offset));
        const care = harness.newCare();
        await care.step();
        const now = start + later;
        const clock = { now: () => now, monotonic: () => 0 };
        await dropExpired({ catalog: harness.catalog, clock }, store, days * dayMs);
        const kept = offsets.map((offset) => start + offset).filter((time) => dayEnd(time) > now - days * dayMs);
        expect(await live()).toEqual(kept.toSorted((x, y) => x - y));
        await harness.catalog.close();
      },
    ),
    { numRuns: 60 },
  );
  harness = await openCareHarness(start);
});

test("care drops a day once every event in it is older than the store's retention, and no other store's", async () => {
  await harness.putStore(store, 7);
  await harness.putStore(other, 3653);
  for (const storeId of [store, other]) await harness.append(storeId, start, start + dayMs - 1, start + dayMs);
  const care = harness.newCare();
  const lookFor = async (minutes: number): Promise<void> => {
    for (let n = 0; n < minutes; n++) {
      harness.time.monotonic += 60_000;
      harness.time.now += 60_000;
      await care.step();
    }
  };
  await lookFor(2);
  harness.time.now = start + 8 * dayMs - 60 * 60_000;
  await lookFor(30);
  expect(await live(), "an hour before").toEqual([start, start + dayMs - 1, start + dayMs]);
  harness.time.now = start + 8 * dayMs;
  await lookFor(20);
  expect(await live()).toEqual([start + dayMs]);
  expect(await live(other)).toHaveLength(3);
  expect(harness.entries.filter(({ event }) => event === "expired")).toEqual([
    { level: "info", event: "expired", storeId: store, files: 1, rows: 2 },
  ]);
});

test("a clock that is ten years ahead for some minutes costs nothing", async () => {
  await harness.putStore(store, 7);
  await harness.append(store, start);
  const care = harness.newCare();
  for (let minute = 0; minute < 60; minute++) {
    harness.time.monotonic += 60_000;
    harness.time.now = start + minute * 60_000 + (minute >= 20 && minute < 28 ? 3653 * dayMs : 0);
    await care.step();
  }
  expect(await live()).toEqual([start]);
});

test("a retention that was made longer before the day went keeps it", async () => {
  await harness.putStore(store, 7);
  await harness.append(store, start);
  const care = harness.newCare();
  await care.step();
  harness.time.now = start + 30 * dayMs;
  harness.time.monotonic += 300_000;
  await care.step();
  await harness.putStore(store, 365);
  for (let n = 0; n < 5; n++) {
    harness.time.monotonic += 300_000;
    await care.step();
  }
  expect(await live()).toEqual([start]);
});
