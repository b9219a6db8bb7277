import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CareProcess } from "../src/care/care-process.ts";
import { type CareWork, DeathRecord } from "../src/care/deaths.ts";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import type { ShredBatch, Shredder } from "../src/compactor/shredder.ts";
import { journalLine, packLines, unpackEvents } from "../src/journal/journal-line.ts";
import { openDataDirectory } from "../src/serve/data-directory.ts";
import { type CareHarness, openCareHarness } from "./care-harness.ts";
import { memoryShredder } from "./memory-tables.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const other = "5a1e0000-0000-4000-8000-000000000002";
const start = Date.parse("2026-03-01T00:00:00Z");
const deadly = start + 666;
const eager = { events: 1, bytes: 1, ageMs: 1 };
let harness: CareHarness;
beforeEach(async () => {
  harness = await openCareHarness(start);
});
afterEach(() => harness.catalog.close());

/** As `duckdb-batch.ts` does: without parsing, all typed columns are NULL. */
function textOnlyCounts(batch: ShredBatch): ShredBatch {
  return {
    ...batch,
    write: async (day) => {
      const file = await batch.write(day);
      return { ...file, unshredded: file.rows };
    },
  };
}

/** Does `fatal` when it is to parse the deadly event. */
function fragile(fatal: () => Promise<never>): Shredder {
  const whole = memoryShredder(harness.objects);
  return {
    ...whole,
    load: async (blobs, options) => {
      if (options?.textOnly === true) return textOnlyCounts(await whole.load(blobs));
      if (blobs.flatMap(unpackEvents).some(({ eventtime }) => eventtime === deadly)) return await fatal();
      return await whole.load(blobs);
    },
  };
}

async function appendAround(): Promise<void> {
  for (let n = 0; n < 5; n++) await harness.append(store, start + n);
  await harness.append(store, deadly, start + 5);
  await harness.append(other, start);
  for (let n = 6; n < 40; n++) await harness.append(store, start + n);
}

const nothing = (): void => undefined;

test("a journal row of which the process dies again and again is stored as text, and everything else whole", async () => {
  await appendAround();
  const record = new DeathRecord();
  let deaths = 0;
  // A process is a Care; its death is a compaction that never comes back, and its memory is gone.
  while ((await harness.waiting(store)) > 0 && deaths < 40) {
    let kill = nothing;
    const died = new Promise<"died">((resolve) => (kill = () => resolve("died")));
    const shredder = fragile(() => {
      kill();
      return new Promise<never>(() => undefined);
    });
    const care = harness.newCare({
      shredder,
      triggers: eager,
      deaths: record.deaths,
      begin: async (work: CareWork) => record.begin(work),
      end: (kind) => record.end(kind),
      log: (entry) => {
        harness.entries.push(entry);
        if (entry["event"] === "compacted") record.compacted(String(entry["storeId"]));
      },
    });
    const living = async (): Promise<"died" | "idle"> => {
      for (;;) {
        harness.time.monotonic += 1000;
        harness.time.now += 1000;
        if (!(await care.step())) return "idle";
      }
    };
    if ((await Promise.race([living(), died])) === "died") {
      deaths += 1;
      record.died();
    }
  }
  expect(await harness.waiting(store)).toBe(0);
  expect(deaths).toBeLessThan(20);
  expect(await harness.catalog.counters(store)).toEqual({
    stored: 41,
    duplicate: 0,
    expired: 0,
    unshredded: 2,
    purged: 0,
  });
  expect(await harness.catalog.counters(other)).toMatchObject({ stored: 1, unshredded: 0 });
  expect(harness.entries.filter(({ level }) => level === "error")).toMatchObject([
    { event: "compacted", storeId: store, unshredded: 2 },
  ]);
});

test("so is one that DuckDB fails at alone, but not one for which the disk was full", async () => {
  await appendAround();
  let message = "IO Error: no space left on device";
  const care = harness.newCare({ shredder: fragile(() => Promise.reject(new Error(message))), triggers: eager });
  const steps = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) {
      harness.time.monotonic += 60_000;
      await care.step();
    }
  };
  await steps(60);
  expect(await harness.catalog.counters(store)).toMatchObject({ unshredded: 0 });
  expect(await harness.waiting(store)).toBeGreaterThan(0);
  message = "INTERNAL Error: assertion";
  await steps(60);
  expect(await harness.waiting(store)).toBe(0);
  expect(await harness.catalog.counters(store)).toMatchObject({ stored: 41, unshredded: 2 });
});

test("the real process, killed thrice by a row alone, stores it and goes on", { timeout: 60_000 }, async () => {
  const directory = openDataDirectory(mkdtempSync(join(tmpdir(), "tributary-deaths-")));
  const catalog = await openSqliteCatalog({ file: directory.catalogFile, clock: systemClock });
  const signals: unknown[] = [];
  const care = new CareProcess({
    data: directory.path,
    threads: 1,
    memoryBytes: 256 * 1024 ** 2,
    killedByText: "of this it dies",
    log: (entry) => entry["event"] === "care-process-died" && signals.push(entry["signal"]),
  });
  try {
    for (const [n, text] of ["of this it dies", "harmless"].entries()) {
      const event = {
        eventid: `65000000-0000-8000-8000-00000000000${n}`,
        eventtime: Date.now(),
        ingestiontime: Date.now(),
        channelarn: "c",
        awsregion: "us-east-1",
        recipientaccountid: "111122223333",
        eventdata: JSON.stringify({ UID: text }),
      };
      const entries = [{ storeId: store, events: 1, bytes: packLines([journalLine(event)]) }];
      const createdAt = Date.now();
      await catalog.append({ generation: await catalog.generation(), entries, ingestion: [], createdAt });
      const query = { queryId: `q${n}`, accountId: "1", callerArn: "a", statement: "s", storeIds: [store], createdAt };
      await catalog.startQuery({ ...query, status: "QUEUED" }, 10);
      await expect
        .poll(async () => (await catalog.readyQuery(query.queryId)).kind, { timeout: 30_000, interval: 50 })
        .toBe("ready");
    }
    expect(signals).toEqual(["SIGKILL", "SIGKILL", "SIGKILL"]);
    expect(await catalog.counters(store)).toEqual({ stored: 2, duplicate: 0, expired: 0, unshredded: 1, purged: 0 });
  } finally {
    await care.close();
    await catalog.close();
    rmSync(directory.path, { recursive: true, force: true });
  }
});

const row = (storeId: string, ...positions: number[]): CareWork => ({ kind: "compaction", storeId, positions });
const die = (record: DeathRecord, work: CareWork): void => (record.begin(work), record.died());

describe("the record of deaths", () => {
  test("blames what was begun and has not ended", () => {
    const record = new DeathRecord();
    record.begin(row(store, 1, 2));
    record.end("compaction");
    record.died();
    expect(record.deaths).toEqual({ compactions: {}, merges: {}, rows: {} });
    record.begin({ kind: "merge", storeId: other });
    die(record, row(store, 7));
    record.died();
    expect(record.deaths).toEqual({ compactions: { [store]: 1 }, merges: { [other]: 1 }, rows: { 7: 1 } });
  });

  test("of one store says nothing of another, and a success goes one step back", () => {
    const record = new DeathRecord();
    for (let n = 0; n < 3; n++) die(record, row(store, 7));
    record.compacted(other);
    expect(record.deaths).toMatchObject({ compactions: { [store]: 3 }, rows: { 7: 3 } });
    record.compacted(store);
    expect(record.deaths).toEqual({ compactions: { [store]: 2 }, merges: {}, rows: {} });
  });
});
