import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { cleanLogs, unpublishStore } from "../src/publish/clean-logs.ts";
import { deltaVersion } from "../src/publish/delta-version.ts";
import { checkpointPath, deltaPath, hintPath } from "../src/publish/log-paths.ts";
import { publishCheckpoint, publishVersions } from "../src/publish/publish-store.ts";
import { fileRecord, storeRecord } from "./catalog-contract.ts";
import { dayMs } from "./care-harness.ts";
import { memoryObjects } from "./memory-tables.ts";
import { publishPorts } from "./publish-store.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const start = Date.parse("2026-03-01T00:00:00Z");
let now = start;
const clock = { now: () => now, monotonic: () => now };
let catalog: SqliteCatalog;
let objects: ReturnType<typeof memoryObjects>;
let commits = 0;
beforeEach(async () => {
  now = start;
  commits = 0;
  catalog = await openSqliteCatalog({ file: ":memory:", clock });
  objects = memoryObjects();
});
afterEach(() => catalog.close());

const ports = () => publishPorts({ catalog, objects, clock });
const every = 5;

async function commit(count = 1): Promise<void> {
  for (let n = 0; n < count; n++) {
    const path = `tables/${store}/eventday=2026-01-02/f${commits++}.parquet`;
    await catalog.addIntent(path, now);
    const { contentVersion: basis } = await catalog.snapshot(store);
    const change = { storeId: store, kind: "compaction" as const, journalPositions: [], removeFiles: [], basis };
    const done = await catalog.commit({
      ...change,
      addFiles: [fileRecord(path, store)],
      intents: [path],
      createdAt: now,
    });
    expect(done.kind).toBe("committed");
  }
}
async function publishAll(): Promise<void> {
  for (
    let done = await publishVersions(ports(), store, every);
    done;
    done = await publishVersions(ports(), store, every)
  )
    if (done.checkpointDue) await publishCheckpoint(ports(), store, every);
}
const names = (): string[] => [...objects.stored.keys()].map((path) => path.split("/").at(-1)!).toSorted();

/** A process that stops for good before its nth call of a port, or sleeps there until `wake`. */
class Stopped extends Error {}
function stopping(at: number, sleep?: Promise<void>) {
  let calls = 0;
  const wrap = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return async (...values: unknown[]): Promise<unknown> => {
          if (calls++ === at) {
            if (sleep === undefined) throw new Stopped();
            await sleep;
          }
          return await Reflect.apply(value, target, values);
        };
      },
    });
  const own = ports();
  return { ...own, catalog: wrap(catalog), objects: wrap(objects) };
}

test("a publisher killed at any call is followed by one that goes on, and every version is its commit's", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.nat(14)), { maxLength: 6 }),
      async (rounds) => {
        await catalog.close();
        catalog = await openSqliteCatalog({ file: ":memory:", clock });
        objects = memoryObjects();
        for (const [count, killedAt] of rounds) {
          await commit(count);
          const dying = stopping(killedAt);
          try {
            for (
              let done = await publishVersions(dying, store, every);
              done;
              done = await publishVersions(dying, store, every)
            )
              if (done.checkpointDue) await publishCheckpoint(dying, store, every);
          } catch (error) {
            if (!(error instanceof Stopped)) throw error;
          }
          const { published } = await catalog.publication(store);
          for (let version = 0; version <= published; version++)
            expect(objects.stored.has(deltaPath(store, version))).toBe(true);
        }
        await commit();
        await publishAll();
        for (const each of await catalog.readCommits(store, 0, 1000))
          expect(Buffer.from(objects.stored.get(deltaPath(store, each.version))!).toString()).toBe(
            deltaVersion(store, each),
          );
        const { checkpoint, published } = await catalog.publication(store);
        expect(published - (checkpoint?.version ?? 0)).toBeLessThan(every);
        // A kill between a checkpoint and its hint leaves the hint as it was, until the next.
        const hint = objects.stored.get(hintPath(store));
        if (hint === undefined) return;
        const named: { version: number } = JSON.parse(Buffer.from(hint).toString());
        expect(objects.stored.has(checkpointPath(store, named.version))).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

test("two publishers at once, and two checkpoints of one version with other bytes, are as one", async () => {
  await commit(5);
  let spaces = 0;
  const other = {
    ...ports(),
    checkpoints: {
      write: async (actions: readonly object[]) => ({
        content: Buffer.from(actions.map((action) => `${" ".repeat(++spaces)}${JSON.stringify(action)}`).join("\n")),
        close: async () => undefined,
      }),
    },
  };
  await Promise.all([publishVersions(ports(), store, every), publishVersions(other, store, every)]);
  expect(await Promise.all([publishCheckpoint(ports(), store, every), publishCheckpoint(other, store, every)])).toEqual(
    [5, 5],
  );
  // Measured as it is there, whoever wrote it.
  const stored = objects.stored.get(checkpointPath(store, 5))!;
  const measured = { bytes: stored.byteLength, sha256: createHash("sha256").update(stored).digest("hex") };
  expect(await catalog.publication(store)).toMatchObject({ published: 5, checkpoint: { version: 5, ...measured } });
  expect(names()).toHaveLength(6 + 2);
});

test("a log keeps a week, and whole what its oldest checkpoint needs", async () => {
  await commit(12);
  await publishAll();
  now += 7 * dayMs;
  expect(await cleanLogs(ports()), "a week, not longer").toBe(0);
  now += 1;
  await commit(5);
  await publishAll();
  expect(await cleanLogs(ports()), "ten versions and the checkpoint at 5").toBe(11);
  expect(names()).toEqual(
    [
      ...[10, 11, 12, 13, 14, 15, 16, 17].map((version) => `${String(version).padStart(20, "0")}.json`),
      ...[10, 15].map((version) => `${String(version).padStart(20, "0")}.checkpoint.parquet`),
      "_last_checkpoint",
    ].toSorted(),
  );
  expect(await cleanLogs(ports())).toBe(0);
});

/** Until a publisher sleeps. */
const awake = (): void => undefined;

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
  "a publisher that sleeps at call %i until its versions were cleaned up brings none of them back",
  async (sleepsAt) => {
    await commit(5);
    let wake = awake;
    const asleep = stopping(sleepsAt, new Promise((resolve) => (wake = resolve)));
    const slow = (async () => {
      await publishVersions(asleep, store, every);
      await publishCheckpoint(asleep, store, every);
    })();
    await new Promise(setImmediate);
    await publishAll();
    await commit(5);
    await publishAll();
    now += 8 * dayMs;
    await cleanLogs(ports());
    const before = names();
    expect(before).not.toContain("00000000000000000001.json");
    wake();
    await slow;
    await cleanLogs(ports());
    expect(names()).toEqual(before);
  },
);

test("a publisher that dies after it woke leaves what the next clean-up deletes", async () => {
  await commit(5);
  let wake = awake;
  const asleep = stopping(3, new Promise((resolve) => (wake = resolve)));
  const dying = {
    ...asleep,
    catalog: {
      ...asleep.catalog,
      announceVersions: (...asked: Parameters<typeof catalog.announceVersions>) => catalog.announceVersions(...asked),
      recordVersions: () => Promise.reject(new Stopped()),
    },
  };
  const slow = publishVersions(dying, store, every).catch((error: unknown) => error);
  await new Promise(setImmediate);
  await publishAll();
  await commit(5);
  await publishAll();
  now += 8 * dayMs;
  await cleanLogs(ports());
  const before = names();
  wake();
  expect(await slow).toBeInstanceOf(Stopped);
  expect(names(), "they are back").toContain("00000000000000000004.json");
  await cleanLogs(ports());
  expect(names()).toEqual(before);
});

test("nothing of a store's publication is left when it is retired, nor comes back", async () => {
  await catalog.changeControl(await catalog.generation(), [{ kind: "putStore", store: storeRecord(store) }]);
  await commit(12);
  await publishAll();
  await commit(3);
  let wake = awake;
  const slow = publishVersions(stopping(2, new Promise((resolve) => (wake = resolve))), store, every);
  await new Promise(setImmediate);
  expect(await unpublishStore(ports(), store)).toBeGreaterThan(15);
  expect(names()).toEqual([]);
  await publishAll();
  expect(names()).toEqual([]);
  wake();
  await slow;
  await cleanLogs(ports());
  expect(names()).toEqual([]);
  await unpublishStore(ports(), store);
  expect(names()).toEqual([]);
});

test("a clean-up killed at any call is finished by the next", async () => {
  await commit(12);
  await publishAll();
  now += 8 * dayMs;
  const whole = new Map(objects.stored);
  for (let at = 0; at < 20; at++) {
    const dying = stopping(at);
    await cleanLogs(dying).catch((error: unknown) => {
      if (!(error instanceof Stopped)) throw error;
    });
    for (const path of [deltaPath(store, 10), checkpointPath(store, 10), deltaPath(store, 12), hintPath(store)])
      expect([path, objects.stored.get(path)]).toEqual([path, whole.get(path)]);
  }
  await cleanLogs(ports());
  expect(names()).toEqual(
    ["10.json", "11.json", "12.json", "10.checkpoint.parquet"]
      .map((name) => name.padStart(name.length + 18, "0"))
      .concat("_last_checkpoint")
      .toSorted(),
  );
});
