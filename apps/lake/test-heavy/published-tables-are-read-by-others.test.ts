import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dropExpired } from "../src/care/drop-expired.ts";
import { sweep } from "../src/care/sweep.ts";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import type { FileRecord } from "../src/catalog/store-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { openDuckDBShredder } from "../src/compactor/duckdb-shredder.ts";
import { mergeStore } from "../src/compactor/merge-store.ts";
import { journalLine, packLines } from "../src/journal/journal-line.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import { cleanLogs } from "../src/publish/clean-logs.ts";
import { duckDBCheckpointWriter } from "../src/publish/duckdb-checkpoint-writer.ts";
import { hintPath } from "../src/publish/log-paths.ts";
import { publishStore } from "../test/publish-store.ts";
import { type TableReader, tableReader } from "./table-reader.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const dayMs = 86_400_000;
const start = Date.parse("2026-03-01T23:59:00Z");
const folder = mkdtempSync(join(tmpdir(), "tributary-open-"));
const table = join(folder, "objects", "tables", store);
const ours = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface ReadEvent {
  readonly eventid: string;
  /** Microseconds since 1970. */
  readonly eventtime: number;
  readonly eventdata_text: string;
  readonly eventday: string;
  readonly uid: string | null;
}
type ReadVersion = { readonly version: number } & (
  | { readonly rows: readonly ReadEvent[]; readonly refused?: undefined }
  | { readonly refused: string; readonly rows?: undefined }
);
/** File names that a scan of the newest version is left with. */
interface Skipping {
  readonly byDay: readonly string[];
  readonly byTime: readonly string[];
  readonly byId: readonly string[];
  /** Rows, range of ids and times, null ids, bytes; where the reader shows them. */
  readonly stats?: Readonly<Record<string, readonly unknown[]>>;
}

const jars = join(folder, "jars");
const readers: readonly {
  readonly name: string;
  readonly there: () => boolean;
  readonly command: readonly string[];
}[] = [
  {
    name: "delta-rs",
    there: () => spawnSync("python3", ["-c", "import deltalake, pyarrow"]).status === 0,
    command: ["python3", ours("./delta-table.py")],
  },
  {
    name: "Delta Kernel for Java",
    there: () => {
      const pom = ours("./delta-kernel/pom.xml");
      if (spawnSync("java", ["-version"]).status !== 0 || spawnSync("mvn", ["-version"]).status !== 0) return false;
      const fetched = spawnSync(
        "mvn",
        ["-q", "-B", "-f", pom, "dependency:copy-dependencies", `-DoutputDirectory=${jars}`],
        { encoding: "utf8" },
      );
      if (fetched.status !== 0) throw new Error(`Delta Kernel is not fetched: ${fetched.stdout}${fetched.stderr}`);
      return true;
    },
    command: [
      "java",
      "-XX:+UseSerialGC",
      "-XX:TieredStopAtLevel=1",
      "-cp",
      join(jars, "*"),
      ours("./delta-kernel/ReadTable.java"),
    ],
  },
];

const time = { now: start + 3_600_000 };
const clock = { now: () => time.now, monotonic: () => time.now };
let catalog: SqliteCatalog;
let objects: Awaited<ReturnType<typeof openDirectoryObjects>>;
let shredder: Awaited<ReturnType<typeof openDuckDBShredder>>;
let duckdb: Awaited<ReturnType<DuckDBInstance["connect"]>>;
/** The rows of each version, as DuckDB read them from the catalog's files at the time of the commit. */
const expected: ReadEvent[][] = [[]];
let ports: Parameters<typeof publishStore>[0] & Parameters<typeof compactStore>[0] & Parameters<typeof cleanLogs>[0];
let events = 0;

async function commit(change: () => Promise<unknown>): Promise<void> {
  await change();
  const { files, version } = await catalog.snapshot(store);
  expect(version).toBe(expected.length);
  const list = (await Promise.all(files.map(({ path }) => objects.stage(path)))).map((path) => `'${path}'`).join(", ");
  const sql = `SELECT eventid, epoch_us(eventtime)::DOUBLE AS eventtime, eventdata_text, strftime(eventtime, '%Y-%m-%d') AS eventday,
    eventdata.uid AS uid FROM read_parquet([${list}], hive_partitioning = false) ORDER BY eventid`;
  const rows = files.length === 0 ? [] : (await duckdb.runAndReadAll(sql)).getRowObjectsJson();
  expected.push(rows as unknown as ReadEvent[]);
  time.now += 1000;
}

/** Three events, on one or two days. */
async function compaction(): Promise<void> {
  const lines = [0, 1, 2].map((part) => {
    const n = events++;
    return journalLine({
      eventid: `65000000-0000-8000-8000-${n.toString(16).padStart(12, "0")}`,
      eventtime: start + Math.floor(n / 60) * dayMs + part * 40_000 + (n % 7),
      ingestiontime: time.now,
      channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
      awsregion: "us-east-1",
      recipientaccountid: "111122223333",
      eventdata: n % 50 === 7 ? "not json" : `{"UID":"u${n}-é😀","userIdentity":{"type":"User","principalId":"p"}}`,
    });
  });
  const entries = [{ storeId: store, events: 3, bytes: packLines(lines) }];
  await catalog.append({ generation: 1, entries, ingestion: [], createdAt: time.now });
  await commit(() => compactStore(ports, store, undefined));
}

interface Found {
  readonly versions: readonly ReadVersion[];
  readonly skipping: Skipping;
}
async function filesNow(): Promise<readonly FileRecord[]> {
  return (await catalog.snapshot(store)).files;
}
/** What a reader finds: the named versions, the newest, and what it skips. */
async function read(
  name: string,
  versions: readonly number[],
  skip: { day: string; after: number; id: string },
): Promise<Found> {
  const reader = running.get(name)!;
  const answers = await reader.ask({ table, versions: [...versions, null], ...skip });
  expect(reader.stderr).toBe("");
  return { versions: answers.slice(0, -1) as ReadVersion[], skipping: answers.at(-1) as Skipping };
}
const byId = (rows: readonly ReadEvent[] | undefined) => rows?.toSorted((a, b) => (a.eventid < b.eventid ? -1 : 1));

/** Compares all that a reader finds with the commits; answers how many versions it read. */
async function agreement(name: string, versions: readonly number[]): Promise<number> {
  const files = await filesNow();
  const middle = files[Math.floor(files.length / 2)]!;
  const skip = { day: middle.eventDay, after: middle.maxEventTime * 1000, id: middle.minEventId };
  const found = await read(name, versions, skip);
  const newest = expected.length - 1;
  expect(found.versions.map(({ version }) => version)).toEqual([...versions, newest]);
  for (const { version, rows, refused } of found.versions) {
    expect(refused, `version ${version}`).toBeUndefined();
    expect(byId(rows), `version ${version}`).toEqual(expected[version]);
  }
  const named = (which: (file: FileRecord) => boolean): string[] =>
    files
      .filter(which)
      .map(({ path }) => path.split("/").at(-1)!)
      .toSorted();
  const { byDay, byTime, byId: byEventId, stats } = found.skipping;
  expect(byDay.toSorted()).toEqual(named(({ eventDay }) => eventDay === skip.day));
  // Times in statistics are whole milliseconds, so a reader may take a file for a millisecond longer than it is.
  expect(byTime).toEqual(expect.arrayContaining(named(({ maxEventTime }) => maxEventTime > middle.maxEventTime)));
  expect(named(({ maxEventTime }) => maxEventTime + 1 > middle.maxEventTime)).toEqual(
    expect.arrayContaining([...byTime]),
  );
  expect(byEventId.toSorted()).toEqual(
    named(({ minEventId, maxEventId }) => minEventId <= skip.id && skip.id <= maxEventId),
  );
  for (const skipped of [byDay, byTime, byEventId]) expect(skipped.length).toBeLessThan(files.length);
  if (stats === undefined) return found.versions.length;
  const right = files.map((file) => [
    file.path.split("/").at(-1)!,
    [file.rows, file.minEventId, file.maxEventId, file.minEventTime * 1000, file.maxEventTime * 1000, 0, file.bytes],
  ]);
  expect(stats).toEqual(Object.fromEntries(right));
  return found.versions.length;
}

/** Each is started once: a Java that compiles its program and starts for every question takes longer than it reads. */
const running = new Map<string, TableReader>();
const there = new Map(readers.map(({ name, there: isThere }) => [name, isThere()]));
for (const [name, isThere] of there) if (!isThere) console.log(`skipped: ${name} cannot be had here`);

const stages: { readonly name: string; readonly change: () => Promise<void>; readonly versions: readonly number[] }[] =
  [
    {
      name: "before a checkpoint",
      change: async () => {
        for (let n = 0; n < 40; n++) await compaction();
      },
      versions: [0, 1, 17, 40],
    },
    {
      name: "after a checkpoint, merges and the drop of a day",
      change: async () => {
        for (let n = 0; n < 58; n++) await compaction();
        await commit(() => mergeStore(ports, store));
        await commit(() => mergeStore(ports, store));
        await commit(() =>
          dropExpired({ catalog, clock: { ...clock, now: () => start + 9 * dayMs } }, store, 7 * dayMs),
        );
        for (let n = 0; n < 3; n++) await compaction();
        expect(expected.length - 1).toBe(104);
        expect(expected[101]!.length, "a day is gone").toBeLessThan(expected[100]!.length);
        expect(expected[100]!.length, "merges change no row").toBe(expected[98]!.length);
      },
      versions: [0, 50, 98, 99, 100, 101, 103],
    },
    {
      name: "without the hint",
      change: async () => objects.delete(hintPath(store)),
      versions: [99, 100, 102],
    },
    {
      name: "after log clean-up and a second checkpoint",
      change: async () => {
        time.now += 8 * dayMs;
        for (let n = 0; n < 100; n++) await compaction();
        await commit(() => mergeStore(ports, store));
        await publishStore(ports, store);
        expect(await cleanLogs(ports)).toBe(100);
        expect(readdirSync(join(table, "_delta_log")).toSorted()[0]).toBe("00000000000000000100.checkpoint.parquet");
      },
      versions: [100, 101, 150, 200, 204],
    },
    {
      name: "after the sweep of what merges and retention removed",
      change: async () => {
        time.now += 3_600_000;
        expect(await sweep(ports)).toBeGreaterThan(10);
      },
      versions: [205],
    },
  ];

beforeAll(async () => {
  for (const { name, command } of readers) if (there.get(name)) running.set(name, tableReader(command));
  catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
  objects = await openDirectoryObjects({ directory: join(folder, "objects") });
  const work = { workDirectory: join(folder, "work"), threads: 1, memoryBytes: 256 * 1024 ** 2 };
  shredder = await openDuckDBShredder(work);
  duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  const checkpoints = duckDBCheckpointWriter({ workDirectory: join(folder, "checkpoints") });
  ports = { catalog, objects, shredder, checkpoints, clock, newId: randomUUID };
});
afterAll(async () => {
  for (const reader of running.values()) reader.end();
  duckdb.closeSync();
  await shredder.close();
  await catalog.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(stages)("$name", ({ change, versions }) => {
  beforeAll(async () => {
    await change();
    await publishStore(ports, store);
  });

  test.each(readers.filter(({ name }) => there.get(name)))("$name reads what we store", async ({ name }) => {
    expect(await agreement(name, versions)).toBe(versions.length + 1);
  });
});

test.each(readers.filter(({ name }) => there.get(name)))(
  "$name refuses a version that was cleaned up",
  async ({ name }) => {
    const skip = { day: "2026-03-01", after: 0, id: "x" };
    const { versions } = await read(name, [50], skip);
    expect(versions[0]).toMatchObject({ version: 50, refused: expect.any(String) });
  },
);
