import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deletionWaitMs } from "../src/control/deletion-wait.ts";
import { type CareHarness, dayMs, openCareHarness } from "./care-harness.ts";
import { storeRecord } from "./catalog-contract.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const other = "5a1e0000-0000-4000-8000-000000000002";
const start = Date.parse("2026-03-01T00:00:00Z");
const lookMs = 300_000;
let harness: CareHarness;
beforeEach(async () => {
  harness = await openCareHarness(start);
});
afterEach(() => harness.catalog.close());

async function remove(storeId: string): Promise<void> {
  await harness.catalog.changeControl(await harness.catalog.generation(), [
    { kind: "putStore", store: { ...storeRecord(storeId), status: "PENDING_DELETION", deletedAt: harness.time.now } },
  ]);
}
const exists = async (storeId: string): Promise<boolean> => (await harness.catalog.readControl()).stores.has(storeId);

test("care purges a deleted store when seven days are over, whole, and no other", async () => {
  await harness.putStore(store, 7);
  await harness.putStore(other, 7);
  for (const storeId of [store, other]) await harness.append(storeId, start, start + 1000);
  const care = harness.newCare();
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= lookMs) {
      harness.time.now += Math.min(left, lookMs);
      harness.time.monotonic += Math.min(left, lookMs);
      await care.step();
    }
    for (let n = 0; n < 20; n++) await care.step();
  };
  await pass(lookMs);
  await harness.append(store, start + 2000);
  const held = [...harness.objects.stored.keys()].filter((path) => path.includes(store));
  expect(held.length).toBeGreaterThan(0);
  await remove(store);
  await pass(deletionWaitMs - lookMs);
  expect(await exists(store)).toBe(true);
  // Its days are over by then, and their files may have been packed into others.
  const { files } = await harness.catalog.snapshot(store);
  expect(files.reduce((sum, { rows }) => sum + rows, 0)).toBe(3);
  for (const { path } of files) expect(harness.objects.stored.has(path)).toBe(true);
  await pass(lookMs * 5);
  expect(await exists(store)).toBe(false);
  for (let n = 0; n < 20; n++) {
    harness.time.monotonic += 300;
    await care.step();
  }
  expect(await harness.catalog.purges()).toMatchObject([{ storeId: store, scope: "store", stage: "done" }]);
  expect([...harness.objects.stored.keys()].filter((path) => path.includes(store))).toEqual([]);
  expect(await harness.waiting(store)).toBe(0);
  expect(await harness.catalog.storeIds()).toEqual([other]);
  expect((await harness.catalog.snapshot(other)).files.length).toBeGreaterThan(0);
  expect(harness.entries.filter(({ level }) => level === "error")).toEqual([]);
  await care.settled();
});

test("a store that was restored is not purged, whenever it had been deleted", async () => {
  await harness.putStore(store, 7);
  await remove(store);
  const care = harness.newCare();
  await care.step();
  harness.time.now += deletionWaitMs;
  for (let n = 0; n < 2; n++) {
    harness.time.monotonic += lookMs;
    await care.step();
  }
  await harness.putStore(store, 7);
  for (let n = 0; n < 10; n++) {
    harness.time.monotonic += lookMs;
    await care.step();
  }
  expect(await exists(store)).toBe(true);
  await care.settled();
});

test("however the clock jumps: a store goes only when its seven days are over by it", async () => {
  const tick = fc.record({
    monotonic: fc.constantFrom(0, 1000, lookMs, 2 * lookMs),
    jump: fc.oneof(fc.constant(0), fc.integer({ min: -20 * dayMs, max: 20 * dayMs })),
  });
  let purged = 0;
  let early = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(tick, { minLength: 5, maxLength: 40 }), async (ticks) => {
      harness = await openCareHarness(start);
      await harness.putStore(store, 7);
      await remove(store);
      const care = harness.newCare();
      for (const { monotonic, jump } of ticks) {
        harness.time.monotonic += monotonic;
        harness.time.now += monotonic + jump;
        const due = harness.time.now - start >= deletionWaitMs;
        await care.step();
        if (!(await exists(store))) {
          early += due ? 0 : 1;
          purged += 1;
          break;
        }
      }
      await care.settled();
      await harness.catalog.close();
    }),
    { numRuns: 150 },
  );
  expect(early, "purged before its time").toBe(0);
  expect(purged, "the property is not empty").toBeGreaterThan(0);
  harness = await openCareHarness(start);
});

test("a clock that jumps ahead for less than ten minutes and comes back purges nothing", async () => {
  await harness.putStore(store, 7);
  await remove(store);
  const care = harness.newCare();
  for (let hours = 0; hours < 24; hours++) {
    harness.time.now = start + (hours % 2 === 0 ? 30 * dayMs : hours * 60_000);
    harness.time.monotonic += lookMs;
    await care.step();
  }
  expect(await exists(store)).toBe(true);
  await care.settled();
});
