import { afterEach, beforeEach, expect, test } from "vitest";
import type { Care } from "../src/care/care.ts";
import { confirmMs } from "../src/care/retention.ts";
import { keepRemovedFiles, sweepGrace } from "../src/care/sweep.ts";
import { checkpointPath, deltaPath, hintPath } from "../src/publish/log-paths.ts";
import { type CareHarness, dayMs, openCareHarness } from "./care-harness.ts";
import { run } from "./test-lake.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const start = Date.parse("2026-03-10T12:00:00Z");
const grace = 600_000;
const atOnce = { events: 1, bytes: 1e9, ageMs: 1e12 };
let lake: CareHarness;
beforeEach(async () => {
  lake = await openCareHarness(start);
  await lake.putStore(store, 7);
});
afterEach(() => lake.catalog.close());

const pass = (ms: number): void => {
  lake.time.now += ms;
  lake.time.monotonic += ms;
};
const tables = (): string[] => [...lake.objects.stored.keys()].filter((path) => path.endsWith(".parquet"));
const logged = (event: string) => lake.entries.filter((entry) => entry["event"] === event);
async function step(care: Care): Promise<void> {
  await care.step();
  await care.settled();
}
/** A file of a day that retention has just dropped. */
async function dropDay(care: Care): Promise<void> {
  await lake.append(store, start);
  pass(60_000);
  await step(care);
  expect(tables()).toHaveLength(1);
  pass(9 * dayMs);
  await step(care);
  pass(confirmMs);
  await step(care);
  expect((await lake.catalog.snapshot(store)).files).toEqual([]);
}

test("care publishes what it commits, and a new process what an old one left", async () => {
  await step(lake.newCare());
  expect(lake.objects.stored.has(deltaPath(store, 0)), "a store without events is an empty table").toBe(true);
  const put = lake.objects.put.bind(lake.objects);
  lake.objects.put = async (path, content) => {
    if (path.includes("/_delta_log/")) throw new Error("the disk is full");
    await put(path, content);
  };
  await lake.append(store, start);
  pass(60_000);
  const care = lake.newCare();
  await step(care);
  expect(await lake.waiting(store), "compaction does not wait for it").toBe(0);
  expect(logged("publication-failed")).toMatchObject([{ level: "error", storeId: store, message: "the disk is full" }]);
  expect((await lake.catalog.publication(store)).published).toBe(0);
  lake.objects.put = put;
  await step(care);
  expect((await lake.catalog.publication(store)).published, "it rests").toBe(0);
  await step(lake.newCare());
  expect((await lake.catalog.publication(store)).published).toBe(1);
  expect(lake.objects.stored.has(deltaPath(store, 1))).toBe(true);
});

test("a removed file stays while its removal is not published, however long that takes", async () => {
  const put = lake.objects.put.bind(lake.objects);
  const care = lake.newCare();
  await step(care);
  lake.objects.put = async (path, content) => {
    if (path === deltaPath(store, 2)) throw new Error("not yet");
    await put(path, content);
  };
  await dropDay(care);
  for (let n = 0; n < 20; n++) {
    pass(grace);
    await step(care);
    expect(tables(), "the newest published version still lists it").toHaveLength(1);
  }
  lake.objects.put = put;
  pass(grace);
  await step(care);
  expect((await lake.catalog.publication(store)).published).toBe(2);
  pass(grace - 1);
  await step(care);
  expect(tables(), "within the grace, which began with the publication").toHaveLength(1);
  pass(60_001);
  await step(care);
  expect(tables()).toEqual([]);
});

test("a longer grace is kept to, and care by a command, which knows of none, takes no removed file away", async () => {
  const care = lake.newCare({ sweepGrace: { ...sweepGrace, removedFileMs: 2 * dayMs } });
  await dropDay(care);
  pass(2 * dayMs - 1);
  await step(care);
  expect(tables()).toHaveLength(1);
  const byCommand = lake.newCare({ sweepGrace: keepRemovedFiles });
  pass(100 * dayMs);
  await step(byCommand);
  expect(tables(), "by a command").toHaveLength(1);
  await step(care);
  expect(tables()).toEqual([]);
});

test("a grace is whole minutes, not less than what the published tables say, and a month at most", async () => {
  for (const minutes of ["9", "0", "43201", "1.5", "soon"])
    expect(await run(["serve", "--data", "/nowhere", "--removed-grace", minutes])).toEqual({
      code: 2,
      stdout: "",
      stderr: "tributary-lake: --removed-grace must be a number from 10 to 43200.\n",
    });
});

test("a checkpoint that fails keeps no version back, and is made later", async () => {
  let fail = true;
  const care = lake.newCare({
    triggers: atOnce,
    checkpoints: {
      write: async (actions) => {
        if (fail) throw new Error("Out of Memory Error");
        return { content: Buffer.from(JSON.stringify(actions)), close: async () => undefined };
      },
    },
  });
  for (let n = 0; n < 103; n++) {
    await lake.append(store, lake.time.now);
    await step(care);
  }
  const { published, checkpoint } = await lake.catalog.publication(store);
  expect(published).toBeGreaterThan(100);
  expect(checkpoint).toBeUndefined();
  expect(logged("delta-checkpoint-failed"), "it rests in between").toHaveLength(1);
  fail = false;
  await lake.append(store, lake.time.now);
  pass(grace);
  await step(care);
  const made = (await lake.catalog.publication(store)).checkpoint!;
  expect(lake.objects.stored.has(checkpointPath(store, made.version))).toBe(true);
});

test("a hint that is missing is there again after a start", async () => {
  const care = lake.newCare({ triggers: atOnce });
  for (let n = 0; n < 100; n++) {
    await lake.append(store, lake.time.now);
    await step(care);
  }
  const { checkpoint } = await lake.catalog.publication(store);
  const path = hintPath(store);
  expect(lake.objects.stored.has(path)).toBe(true);
  lake.objects.stored.delete(path);
  await step(lake.newCare());
  expect(JSON.parse(Buffer.from(lake.objects.stored.get(path)!).toString())).toMatchObject({
    version: checkpoint!.version,
  });
});
