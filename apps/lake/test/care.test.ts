import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { CareProcess } from "../src/care/care-process.ts";
import { Care } from "../src/care/care.ts";
import { sweep } from "../src/care/sweep.ts";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import type { Shredder } from "../src/compactor/shredder.ts";
import { systemClock } from "../src/clock.ts";
import { journalLine, packLines } from "../src/journal/journal-line.ts";
import { openDataDirectory } from "../src/serve/data-directory.ts";
import { storeRecord } from "./catalog-contract.ts";
import { memoryCheckpoints, memoryObjects, memoryShredder } from "./memory-tables.ts";

const root = mkdtempSync(join(tmpdir(), "tributary-care-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const store = "5a1e0000-0000-4000-8000-000000000001";
const other = "5a1e0000-0000-4000-8000-000000000002";
const dayMs = 86_400_000;

async function append(
  catalog: SqliteCatalog,
  storeId: string,
  n: number,
  change: { createdAt?: number; eventtime?: number } = {},
): Promise<void> {
  const line = journalLine({
    eventid: `65000000-0000-8000-8000-${n.toString(16).padStart(12, "0")}`,
    eventtime: change.eventtime ?? Date.now(),
    ingestiontime: Date.now(),
    channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
    awsregion: "us-east-1",
    recipientaccountid: "111122223333",
    eventdata: `{"version":"1.0","UID":"${n}"}`,
  });
  const entries = [{ storeId, events: 1, bytes: packLines([line]) }];
  await catalog.append({
    generation: await catalog.generation(),
    entries,
    ingestion: [],
    createdAt: change.createdAt ?? Date.now(),
  });
}

async function startQuery(catalog: SqliteCatalog, queryId: string, storeIds: readonly string[]): Promise<void> {
  await catalog.startQuery(
    {
      queryId,
      accountId: "111122223333",
      callerArn: "arn",
      statement: "SELECT 1",
      storeIds,
      status: "QUEUED",
      createdAt: 1,
    },
    10,
  );
}

describe("a step", () => {
  let catalog: SqliteCatalog;
  let now: number;
  let ids: number;
  const entries: Readonly<Record<string, unknown>>[] = [];
  const newCare = (holder = "care"): Care => {
    const objects = memoryObjects();
    const clock = { now: () => now, monotonic: () => now };
    const triggers = { events: 3, bytes: 1e9, ageMs: 60_000 };
    return new Care({
      catalog,
      objects,
      shredder: memoryShredder(objects),
      checkpoints: memoryCheckpoints,
      clock,
      newId: () => `id-${ids++}`,
      holder,
      triggers,
      log: (entry) => entries.push(entry),
    });
  };
  beforeEach(async () => {
    catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
    now = Date.now();
    ids = 0;
    entries.length = 0;
  });
  const waiting = async (storeId: string): Promise<number> =>
    (await catalog.readJournal(storeId, { maxEvents: 99, maxBytes: 1e9 })).length;

  test("leaves a young small journal alone, and compacts it at its age", async () => {
    await append(catalog, store, 1, { createdAt: now });
    const care = newCare();
    expect(await care.step()).toBe(false);
    now += 60_000;
    expect(await care.step()).toBe(true);
    expect(await waiting(store)).toBe(0);
  });

  test("compacts at the number of events", async () => {
    for (const n of [1, 2, 3]) await append(catalog, store, n, { createdAt: now });
    expect(await newCare().step()).toBe(true);
  });

  test("compacts for a waiting query its stores alone", async () => {
    await append(catalog, store, 1, { createdAt: now });
    await append(catalog, other, 2, { createdAt: now });
    await startQuery(catalog, "q", [store]);
    expect(await newCare().step()).toBe(true);
    expect(await catalog.readyQuery("q")).toMatchObject({ kind: "ready" });
    expect(await waiting(other)).toBe(1);
  });

  test("a hint that comes when no query waits any more compacts nothing", async () => {
    await append(catalog, store, 1, { createdAt: now });
    const care = newCare();
    care.hasten(store);
    expect(await care.step()).toBe(false);
  });

  test("does not store what its store's retention had passed when it was received", async () => {
    await catalog.changeControl(await catalog.generation(), [
      { kind: "putStore", store: { ...storeRecord(store), retentionPeriod: 7 } },
    ]);
    await append(catalog, store, 1, { createdAt: 0, eventtime: now - 9 * dayMs });
    expect(await newCare().step()).toBe(true);
    expect(await catalog.counters(store)).toMatchObject({ stored: 0, expired: 1 });
  });

  test("leaves a store to another that holds its lease, and takes it over when that stands still", async () => {
    await append(catalog, store, 1, { createdAt: 0 });
    await catalog.acquireLease(`compaction/${store}`, "another", 0, 10_000);
    const care = newCare("mine");
    expect(await care.step()).toBe(false);
    now += 10_000;
    expect(await care.step()).toBe(true);
  });

  test("a compaction that is too much for the memory is tried again with less, until it fits", async () => {
    for (const n of [1, 2, 3, 4]) await append(catalog, store, n, { createdAt: 0 });
    const objects = memoryObjects();
    const whole = memoryShredder(objects);
    const tried: number[] = [];
    const small: Shredder = {
      ...whole,
      load: async (blobs) => {
        tried.push(blobs.length);
        if (blobs.length > 1) throw new Error("Out of Memory Error: failed to allocate");
        return await whole.load(blobs);
      },
    };
    const clock = { now: () => now, monotonic: () => now };
    const care = new Care({
      catalog,
      objects,
      shredder: small,
      checkpoints: memoryCheckpoints,
      clock,
      newId: () => `id-${ids++}`,
      holder: "care",
    });
    for (let step = 0; step < 40 && (await waiting(store)) > 0; step++) {
      await care.step();
      now += 60_000;
    }
    expect(await waiting(store)).toBe(0);
    expect(tried[0]).toBe(4);
    expect(await catalog.counters(store)).toMatchObject({ stored: 4 });
  });

  test("a damaged row is reported, and does not make it spin", async () => {
    await catalog.append({
      generation: 1,
      entries: [{ storeId: store, events: 1, bytes: Buffer.from("damaged") }],
      ingestion: [],
      createdAt: 0,
    });
    const care = newCare();
    await care.step();
    await care.step();
    expect(entries.filter(({ event }) => event === "journal-rows-damaged")).toEqual([
      { level: "error", event: "journal-rows-damaged", storeId: store, positions: [1] },
    ]);
  });
});

test("a sweep deletes abandoned and removed objects after their grace, and no other", async () => {
  const catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
  const objects = memoryObjects();
  for (const path of ["abandoned", "young"]) await objects.put(path, Buffer.from(path));
  await catalog.addIntent("abandoned", 1000);
  await catalog.addIntent("young", 2000);
  const clock = { now: () => 2500, monotonic: () => 0 };
  expect(await sweep({ catalog, objects, clock }, { intentMs: 1000, removedFileMs: 1000 })).toBe(1);
  expect([...objects.stored.keys()]).toEqual(["young"]);
  expect(await sweep({ catalog, objects, clock }, { intentMs: 1000, removedFileMs: 1000 })).toBe(0);
  await catalog.close();
});

describe("the care process", () => {
  const until = { timeout: 20_000, interval: 25 };

  test("makes a waiting query ready, and again after it was killed", { timeout: 60_000 }, async () => {
    const directory = openDataDirectory(join(root, "killed"));
    const catalog = await openSqliteCatalog({ file: directory.catalogFile, clock: systemClock });
    const deaths: unknown[] = [];
    const care = new CareProcess({
      data: directory.path,
      threads: 1,
      memoryBytes: 256 * 1024 ** 2,
      log: (entry) => entry["event"] === "care-process-died" && deaths.push(entry["signal"]),
    });
    const ready = async (queryId: string): Promise<string> => (await catalog.readyQuery(queryId)).kind;
    await append(catalog, store, 1);
    await startQuery(catalog, "q1", [store]);
    await expect.poll(() => ready("q1"), until).toBe("ready");
    process.kill(care.pid!, "SIGKILL");
    await append(catalog, store, 2);
    await startQuery(catalog, "q2", [store]);
    await expect.poll(() => ready("q2"), until).toBe("ready");
    expect(deaths).toEqual(["SIGKILL"]);
    expect(await catalog.counters(store)).toMatchObject({ stored: 2 });
    await care.close();
    await catalog.close();
  });

  test("merges the small files that waiting queries made", { timeout: 60_000 }, async () => {
    const directory = openDataDirectory(join(root, "merged"));
    const catalog = await openSqliteCatalog({ file: directory.catalogFile, clock: systemClock });
    const merged: unknown[] = [];
    const care = new CareProcess({
      data: directory.path,
      threads: 1,
      memoryBytes: 256 * 1024 ** 2,
      log: (entry) => entry["event"] === "merged" && merged.push(entry["rows"]),
    });
    const today = Math.floor(Date.now() / dayMs) * dayMs;
    for (let n = 0; n < 8; n++) {
      await append(catalog, store, n, { eventtime: today + n });
      await startQuery(catalog, `q${n}`, [store]);
      care.hasten(store);
      await expect.poll(async () => (await catalog.readyQuery(`q${n}`)).kind, until).toBe("ready");
      await catalog.moveQuery(`q${n}`, ["QUEUED"], { status: "CANCELLED" });
    }
    await expect.poll(() => merged, until).toEqual([8]);
    expect((await catalog.snapshot(store)).files).toHaveLength(1);
    await care.close();
    await catalog.close();
  });

  test("ends when its parent is killed", { timeout: 60_000 }, async () => {
    const directory = openDataDirectory(join(root, "orphaned"));
    const main = new URL("../src/care/care-process.ts", import.meta.url);
    const script = `const { CareProcess } = await import(${JSON.stringify(main.href)});
      const care = new CareProcess({ data: ${JSON.stringify(directory.path)}, threads: 1, memoryBytes: 268435456 });
      await care.ready; console.log(care.pid); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = Number(await firstLine(parent));
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), until).toBe(false);
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  for await (const chunk of child.stdout!) return String(chunk);
  throw new Error("the parent said nothing");
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
