import * as fc from "fast-check";
import { createHash, randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { sweep } from "../src/care/sweep.ts";
import type { SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import type { FileRecord } from "../src/catalog/store-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { type Compaction, type CompactionPorts, compactStore } from "../src/compactor/compact-store.ts";
import { type Merge, mergeStore } from "../src/compactor/merge-store.ts";
import { mergedPath, mergeLimits, type MergePlan, planMerge } from "../src/compactor/plan-merge.ts";
import type { Shredder } from "../src/compactor/shredder.ts";
import { withoutDuplicateCheck } from "../src/compactor/without-duplicate-check.ts";
import { type JournalEvent, journalLine, packLines } from "../src/journal/journal-line.ts";
import type { Objects } from "../src/objects/objects.ts";
import { publishVersions } from "../src/publish/publish-store.ts";
import { publishPorts } from "./publish-store.ts";
import { openStorageWorkshop } from "./storage-workshop.ts";

const dayMs = 86_400_000;
const start = Date.parse("2026-03-01T00:00:00Z");
const store = "5a1e0000-0000-4000-8000-000000000001";

let workshop: Awaited<ReturnType<typeof openStorageWorkshop>>;
let shredder: (typeof workshop)["shredder"];
let duckdb: (typeof workshop)["duckdb"];
let objects: (typeof workshop)["objects"];
let catalog: SqliteCatalog;

beforeAll(async () => {
  workshop = await openStorageWorkshop(1);
  ({ shredder, duckdb, objects } = workshop);
});
afterAll(() => workshop.close());
beforeEach(async () => {
  catalog = await workshop.openCatalog();
});
afterEach(() => catalog.close());

const ports = (): CompactionPorts => ({
  catalog,
  objects,
  shredder,
  // While the events' days are not over.
  clock: { ...systemClock, now: () => start },
  newId: randomUUID,
});

function event(id: string, change: Partial<JournalEvent> = {}): JournalEvent {
  const hex = createHash("sha256").update(id).digest("hex");
  return {
    eventid: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    eventtime: start + (Number.parseInt(hex.slice(0, 6), 16) % dayMs),
    ingestiontime: start + 1000,
    channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
    awsregion: "us-east-1",
    recipientaccountid: "111122223333",
    eventdata: JSON.stringify({
      version: "1.0",
      UID: id,
      userIdentity: { type: "User", principalId: `p-${hex[0]}`, details: { n: hex.length, é: "😀" } },
      eventName: "login",
      requestParameters: { nested: { a: [1, hex] }, none: null },
      responseElements: {},
      additionalEventData: { big: 12345678901234567890n.toString() },
    }),
    ...change,
  };
}

async function commit(
  events: readonly JournalEvent[],
  use: { readonly shredder?: Shredder } = {},
): Promise<Compaction> {
  const bytes = packLines(events.map(journalLine));
  const entries = [{ storeId: store, events: events.length, bytes }];
  await catalog.append({ generation: await catalog.generation(), entries, ingestion: [], createdAt: 1 });
  return await compactStore({ ...ports(), ...use }, store, undefined);
}

const files = async (): Promise<readonly FileRecord[]> => (await catalog.snapshot(store)).files;

async function query(sql: (table: string) => string): Promise<unknown[]> {
  const paths = await Promise.all((await files()).map(({ path }) => objects.stage(path)));
  const table = `read_parquet([${paths.map((path) => `'${path}'`).join(", ")}], hive_partitioning = false)`;
  return (await duckdb.runAndReadAll(sql(table))).getRowObjectsJson();
}
const everyRow = (): Promise<unknown[]> =>
  query((table) => `SELECT *, md5(encode(eventdata_text)) AS digest FROM ${table} ORDER BY eventid`);

async function mergeAll(limits = mergeLimits): Promise<Merge[]> {
  const merges: Merge[] = [];
  for (;;) {
    const merge = await mergeStore(ports(), store, limits);
    if (merge.kind !== "merged") return merges;
    merges.push(merge);
  }
}

test("many small files of a day become one, sorted, and every row is what it was", { timeout: 60_000 }, async () => {
  const hostile = ["not json", '{"a":', "", ' {"version" : "1.0" , "x" : 1.10}\n'];
  for (let n = 0; n < 12; n++) {
    const yesterday = n < 3 ? [event(`y${n}`, { eventtime: start - 1 - n })] : [];
    await commit([
      event(`a${n}`),
      event(`b${n}`),
      event(`h${n}`, { eventdata: hostile[n % hostile.length]! }),
      ...yesterday,
    ]);
  }
  const queries = [
    (table: string) =>
      `SELECT eventdata.useridentity.principalid AS p, count(*) AS n FROM ${table} GROUP BY p ORDER BY p`,
    (table: string) => `SELECT count(*) AS n FROM ${table} WHERE eventdata IS NULL`,
    (table: string) =>
      `SELECT eventid FROM ${table} WHERE eventtime > TIMESTAMPTZ '2026-03-01 12:00:00Z' ORDER BY eventid`,
    (table: string) =>
      `SELECT eventdata.requestparameters['nested'] AS x, count(*) AS n FROM ${table} GROUP BY x ORDER BY x`,
  ];
  const answers = (): Promise<unknown[][]> => Promise.all(queries.map(query));
  const before = { rows: await everyRow(), answers: await answers(), counters: await catalog.counters(store) };
  expect(before.rows).toHaveLength(39);
  expect(await mergeAll()).toMatchObject([{ eventDay: "2026-03-01", files: 12, rows: 36, duplicates: 0 }]);
  expect({ rows: await everyRow(), answers: await answers(), counters: await catalog.counters(store) }).toEqual(before);

  const today = (await files()).filter(({ eventDay }) => eventDay === "2026-03-01");
  const bytes = await objects.get(today[0]!.path);
  const path = await objects.stage(today[0]!.path);
  const [found] = (
    await duckdb.runAndReadAll(
      `SELECT min(eventid) AS "minEventId", max(eventid) AS "maxEventId", CAST(epoch_ms(min(eventtime)) AS DOUBLE) AS "minEventTime",
         CAST(epoch_ms(max(eventtime)) AS DOUBLE) AS "maxEventTime" FROM '${path}'`,
    )
  ).getRowObjectsJson();
  expect(today).toEqual([
    {
      path: expect.stringMatching(new RegExp(`^tables/${store}/eventday=2026-03-01/[0-9a-f-]{36}\\.parquet$`)),
      storeId: store,
      eventDay: "2026-03-01",
      rows: 36,
      bytes: bytes.byteLength,
      sha256: createHash("sha256").update(bytes).digest("hex"),
      ...found,
    },
  ]);
  const order = await duckdb.runAndReadAll(`SELECT eventtime || ' ' || eventid FROM '${path}'`);
  const rows = order.getRowsJson().map(([row]) => JSON.stringify(row));
  expect(rows).toEqual(rows.toSorted((x, y) => (x < y ? -1 : 1)));
  expect(readdirSync(join(workshop.directory, "work")), "the work directory is empty again").toEqual([]);
});

test("of events that are twice among the files the one received first stays, and the counters say so", async () => {
  const twice = { shredder: withoutDuplicateCheck(shredder) };
  for (let n = 0; n < 8; n++) {
    const again = [3, 1, 2].includes(n) ? [event("again", { ingestiontime: start + n * 1000 })] : [];
    await commit([event(`a${n}`), ...again], twice);
  }
  expect(await catalog.counters(store)).toMatchObject({ stored: 11, duplicate: 0 });
  expect(await mergeAll()).toMatchObject([{ files: 8, rows: 9, duplicates: 2 }]);
  expect(
    await query(
      (table) => `SELECT metadata.ingestiontime AS at FROM ${table} WHERE eventid = '${event("again").eventid}'`,
    ),
  ).toEqual([{ at: "2026-03-01T00:00:01" }]);
  expect(await catalog.counters(store)).toMatchObject({ stored: 9, duplicate: 2 });
});

test("days that are over become one tight file each, and every row is what it was", async () => {
  for (let n = 0; n < 3; n++) {
    const yesterday = n < 2 ? [event(`y${n}`, { eventtime: start - 1 - n })] : [];
    await commit([...Array.from({ length: 700 }, (_, each) => event(`a${n}-${each}`)), ...yesterday]);
  }
  const rows = await everyRow();
  expect(await mergeAll()).toEqual([]);
  const later = { ...ports(), clock: { ...systemClock, now: () => start + 3 * dayMs } };
  const merges = [await mergeStore(later, store), await mergeStore(later, store)];
  expect(merges).toContainEqual(expect.objectContaining({ kind: "merged", files: 3, rows: 2100 }));
  expect(merges).toContainEqual(expect.objectContaining({ kind: "merged", files: 2, rows: 2 }));
  expect(await mergeStore(later, store)).toEqual({ kind: "idle" });
  expect((await files()).map(({ path }) => path)).toEqual([
    expect.stringMatching(/-tight\.parquet$/),
    expect.stringMatching(/-tight\.parquet$/),
  ]);
  expect(await everyRow()).toEqual(rows);
});

test("a compaction that commits while a merge runs is kept, and the merge too", async () => {
  for (let n = 0; n < 8; n++) await commit([event(`a${n}`)]);
  const late: Objects = {
    ...objects,
    put: async (path, content) => (await commit([event("late"), event("a1")]), await objects.put(path, content)),
  };
  expect(await mergeStore({ ...ports(), objects: late }, store)).toMatchObject({ kind: "merged", files: 8 });
  expect(await everyRow()).toHaveLength(9);
});

test("a merge of files that retention drops meanwhile changes nothing and brings nothing back", async () => {
  for (let n = 0; n < 8; n++) await commit([event(`a${n}`)]);
  const dropping: Objects = {
    ...objects,
    put: async (path, content) => {
      await objects.put(path, content);
      const removeFiles = (await files()).map((file) => file.path);
      const change = { storeId: store, journalPositions: [], addFiles: [], removeFiles, intents: [], createdAt: 1 };
      await catalog.commit({ ...change, kind: "retention" });
    },
  };
  expect(await mergeStore({ ...ports(), objects: dropping }, store)).toMatchObject({ kind: "conflict" });
  expect(await files()).toEqual([]);
});

test("a merged-away file is deleted after the grace, and while a query pins it not even then", async () => {
  for (let n = 0; n < 8; n++) await commit([event(`a${n}`)]);
  const old = await files();
  const record = { queryId: "q", accountId: "1", callerArn: "a", statement: "s", storeIds: [store], createdAt: 1 };
  await catalog.startQuery({ ...record, status: "QUEUED" }, 10);
  expect(await catalog.readyQuery("q")).toMatchObject({ kind: "ready", snapshots: [{ files: old }] });
  await mergeAll();
  while ((await publishVersions(publishPorts({ catalog, objects }), store)) !== undefined);
  const present = async (): Promise<number> => {
    const found = await Promise.allSettled(old.map(({ path }) => objects.stage(path)));
    return found.filter(({ status }) => status === "fulfilled").length;
  };
  const sweepAt = (now: number): Promise<number> =>
    sweep({ catalog, objects, clock: { now: () => now, monotonic: () => 0 } });
  await sweepAt(Date.now() + dayMs);
  expect(await present(), "pinned").toBe(8);
  await catalog.moveQuery("q", ["QUEUED"], { status: "CANCELLED" });
  await sweepAt(Date.now() + 60_000);
  expect(await present(), "within the grace").toBe(8);
  expect(await sweepAt(Date.now() + dayMs)).toBe(8);
  expect(await present()).toBe(0);
  expect(await everyRow()).toHaveLength(8);
});

test("a merge that is broken off changes nothing and leaves no file", async () => {
  for (let n = 0; n < 8; n++) await commit([event(`a${n}`)]);
  const before = await files();
  await expect(mergeStore(ports(), store, mergeLimits, AbortSignal.abort())).rejects.toThrow("aborted");
  expect(await files()).toEqual(before);
  expect(readdirSync(join(workshop.directory, "work"))).toEqual([]);
});

test("a lost count is a defect that is told, and nothing is committed", async () => {
  for (let n = 0; n < 8; n++) await commit([event(`a${n}`)]);
  const before = await files();
  const losing = {
    ...shredder,
    merge: async (...values: Parameters<typeof shredder.merge>) => {
      const merged = await shredder.merge(...values);
      return { ...merged, rows: merged.rows - 1 };
    },
  };
  await expect(mergeStore({ ...ports(), shredder: losing }, store)).rejects.toMatchObject({ code: "MERGE_COUNT" });
  expect(await files()).toEqual(before);
});

const megabyte = 1024 ** 2;
function sized(bytes: number, eventDay = "2026-03-01", tight = false): FileRecord {
  const ranges = { minEventId: "a", maxEventId: "b", minEventTime: 0, maxEventTime: 1 };
  return {
    path: mergedPath(store, eventDay, randomUUID(), { tight }),
    storeId: store,
    eventDay,
    rows: 10,
    bytes,
    sha256: "",
    ...ranges,
  };
}
const sizes = (plan: MergePlan | undefined): number[] | undefined => plan?.files.map(({ bytes }) => bytes / megabyte);

const some = (count: number, size: number, day?: string): FileRecord[] =>
  Array.from({ length: count }, () => sized(size * megabyte, day));

test("files are merged with those of their size and day, and never above 64 MB", () => {
  expect(planMerge([])).toBeUndefined();
  expect(planMerge([...some(7, 0.5), ...some(7, 2), ...some(7, 20), ...some(100, 64)])).toBeUndefined();
  expect(planMerge([...some(7, 0.5), ...some(7, 0.5, "2026-03-02")])).toBeUndefined();
  expect(sizes(planMerge([...some(7, 0.5), ...some(8, 2), ...some(3, 2, "2026-03-02")]))).toEqual(Array(8).fill(2));
  expect(sizes(planMerge(some(12, 60))), "the merged file stays under 512 MB").toEqual(Array(8).fill(60));
  expect(planMerge(some(2000, 0.01))?.files).toHaveLength(512);
  expect(planMerge(some(8, 0.9))?.tight).toBe(false);
  expect(planMerge(some(8, 7.9))?.tight, "rewritten once more, when the day is over").toBe(false);
  expect(planMerge(some(8, 8))?.tight, "never rewritten").toBe(true);
  expect(planMerge(some(9, 20).map((each) => ({ ...each, rows: 1_000_000 })))).toBeUndefined();
});

const planOver = (...all: readonly FileRecord[]) => planMerge(all, mergeLimits, "2026-03-02");
const tight = (size: number) => sized(size * megabyte, "2026-03-01", true);

test("a day that is over is packed whole and tight, and late events do not rewrite it", () => {
  const day = [...some(3, 0.5), ...some(2, 5), ...some(4, 20)];
  expect(planMerge(day, mergeLimits, "2026-03-01"), "the day itself is not over").toBeUndefined();
  expect(planOver(...day)?.files).toHaveLength(9);
  expect(planOver(...day)?.tight).toBe(true);
  expect(planOver(...some(1, 20)), "one file, written quickly").toMatchObject({ files: [{}], tight: true });
  expect(planOver(...some(1, 0.1)), "too small to be worth it").toBeUndefined();
  expect(planOver(tight(20))).toBeUndefined();
  expect(sizes(planOver(tight(60), ...some(1, 1)))).toEqual([1]);
  expect(planOver(tight(60), tight(1))).toBeUndefined();
  expect(sizes(planOver(tight(60), tight(1), ...some(1, 1)))).toEqual([1, 1]);
  expect(sizes(planOver(tight(60), tight(8)))).toEqual([8, 60]);
  expect(planOver(...some(3, 64)), "never rewritten").toBeUndefined();
});

test("whatever comes late, a day that is over has few files and each event is rewritten a few times", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 * megabyte }), { minLength: 1, maxLength: 200 }), (arrivals) => {
      let live: FileRecord[] = [];
      let rewritten = 0;
      for (const bytes of arrivals) {
        live.push(sized(bytes));
        for (;;) {
          const plan = planMerge(live, mergeLimits, "2026-03-02");
          if (plan === undefined) break;
          const gone = new Set(plan.files);
          const sum = plan.files.reduce((total, each) => total + each.bytes, 0);
          rewritten += sum;
          live = [...live.filter((each) => !gone.has(each)), sized(sum, "2026-03-01", plan.tight)];
        }
        expect(live.filter((each) => each.bytes < 64 * megabyte).length).toBeLessThan(12);
      }
      const all = arrivals.reduce((sum, bytes) => sum + bytes, 0);
      expect(rewritten / all).toBeLessThan(40);
    }),
  );
});

test("a thousand commits leave few files, and an event is rewritten a few times", () => {
  let live: FileRecord[] = [];
  let rewritten = 0;
  for (let n = 0; n < 1000; n++) {
    live.push(sized(50_000));
    for (let plan = planMerge(live); plan !== undefined; plan = planMerge(live)) {
      const gone = new Set(plan.files);
      const bytes = plan.files.reduce((sum, each) => sum + each.bytes, 0);
      rewritten += bytes;
      live = [...live.filter((each) => !gone.has(each)), sized(bytes)];
    }
    expect(live.length).toBeLessThan(24);
  }
  expect(rewritten / (1000 * 50_000)).toBeLessThan(6);
});
