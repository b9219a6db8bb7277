import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TributaryError } from "@tributary/schema";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { EventDataStoreRecord } from "../src/catalog/control-catalog.ts";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { openDuckDBShredder } from "../src/compactor/duckdb-shredder.ts";
import { DuckDBEngine } from "../src/engine/duckdb-engine.ts";
import type { Engine } from "../src/engine/engine.ts";
import { journalLine, packLines } from "../src/journal/journal-line.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import type { Objects } from "../src/objects/objects.ts";
import { QueryService, type QueryServiceOptions } from "../src/query/query-service.ts";

const directory = mkdtempSync(join(tmpdir(), "queries-"));
const accountId = "111122223333";
const channelarn = `arn:aws:cloudtrail:us-east-1:${accountId}:channel/c`;
const first = "11111111-1111-4111-8111-111111111111";
const second = "22222222-2222-4222-8222-222222222222";
const unknown = "99999999-9999-4999-8999-999999999999";
const now = Math.floor(Date.now() / 1000) * 1000;

let objects: Objects;
let engine: DuckDBEngine;
let shredder: Awaited<ReturnType<typeof openDuckDBShredder>>;
let catalog: SqliteCatalog;
let service: QueryService;
let compacting: Promise<unknown> = Promise.resolve();
let compact = true;

const store = (storeId: string): EventDataStoreRecord => ({
  arn: `arn:aws:cloudtrail:us-east-1:${accountId}:eventdatastore/${storeId}`,
  storeId,
  accountId,
  name: storeId.slice(0, 8),
  status: "ENABLED",
  advancedEventSelectors: [],
  multiRegionEnabled: true,
  organizationEnabled: false,
  retentionPeriod: 7,
  terminationProtectionEnabled: false,
  billingMode: "FIXED_RETENTION_PRICING",
  tags: {},
  createdAt: 0,
  updatedAt: 0,
});
const stores = new Map([first, second].map((id) => [id, store(id)]));

beforeAll(async () => {
  objects = await openDirectoryObjects({ directory: join(directory, "objects") });
  shredder = await openDuckDBShredder({
    workDirectory: join(directory, "work"),
    threads: 1,
    memoryBytes: 256 * 1024 ** 2,
  });
  engine = new DuckDBEngine({ directory: join(directory, "objects"), memoryBytes: 512 * 1024 ** 2, threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await shredder.close();
  rmSync(directory, { recursive: true, force: true });
});
beforeEach(async () => {
  compact = true;
  catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
  await catalog.changeControl(
    await catalog.generation(),
    [...stores.values()].map((each) => ({ kind: "putStore", store: each })),
  );
  service = await open();
});
afterEach(async () => {
  await service.close();
  await compacting;
  await catalog.close();
});

async function compactAfter(previous: Promise<unknown>, storeIds: readonly string[]): Promise<void> {
  await previous;
  const ports = { catalog, objects, shredder, clock: systemClock, newId: randomUUID };
  for (const storeId of storeIds) await compactStore(ports, storeId, now - 7 * 86_400_000);
}

const requestCompaction = (storeIds: readonly string[]): void => {
  if (compact) compacting = compactAfter(compacting, storeIds);
};

function open(options: QueryServiceOptions = {}, use: Engine = engine): Promise<QueryService> {
  return QueryService.open(
    { catalog, objects, engine: use, clock: systemClock, requestCompaction },
    { pollMs: 20, ...options },
  );
}

/** Acknowledges events, one a second before now: what `append` resolves for is acknowledged. */
async function acknowledge(storeId: string, from: number, count: number, prefix = "e"): Promise<void> {
  const lines = Array.from({ length: count }, (_, index) => {
    const n = from + index;
    const eventtime = now - n * 1000;
    const eventTime = new Date(eventtime).toISOString().replace(".000Z", "Z");
    const eventdata = JSON.stringify({
      version: "1.0",
      userIdentity: { type: "User", principalId: `user${n % 3}`, details: { n } },
      eventName: n % 2 === 0 ? "Login" : "Logout",
      eventSource: "example.com",
      eventTime,
      UID: `${prefix}${n}`,
      additionalEventData: { payload: { a: { b: n } } },
      recipientAccountId: accountId,
    });
    return journalLine({
      eventid: `${prefix === "e" ? "0" : "1"}5000000-0000-8000-8000-${n.toString(16).padStart(12, "0")}`,
      eventtime,
      ingestiontime: now,
      channelarn,
      awsregion: "us-east-1",
      recipientaccountid: accountId,
      eventdata,
    });
  });
  const appended = await catalog.append({
    generation: await catalog.generation(),
    entries: [{ storeId, events: count, bytes: packLines(lines) }],
    ingestion: [],
    createdAt: now,
  });
  expect(appended).toEqual({ kind: "committed" });
}

function start(statement: string, on = service): Promise<{ readonly queryId: string }> {
  return on.start({
    accountId,
    callerArn: `arn:aws:iam::${accountId}:user/alice`,
    statement,
    maxActive: 10,
    store: (id) => {
      const found = stores.get(id);
      if (found === undefined) throw new TributaryError(`no store ${id}`, { code: "NOT_GRANTED" });
      return found;
    },
  });
}

async function answer(statement: string): Promise<readonly (readonly (string | null)[])[]> {
  const { queryId } = await start(statement);
  await service.ended(queryId);
  expect(await service.describe(queryId)).toMatchObject({ status: "FINISHED" });
  return (await service.results(queryId, { offset: 0, limit: 1000 })).rows;
}

test("a query sees everything acknowledged before it, once, and says what it read", async () => {
  for (let round = 1; round <= 3; round++) {
    await acknowledge(first, (round - 1) * 100, 100);
    const { queryId } = await start(`SELECT count(*) AS n, count(DISTINCT eventData.uid) FROM ${first}`);
    await service.ended(queryId);
    expect(await service.results(queryId, { offset: 0, limit: 10 })).toEqual({
      columns: ["n", "_col1"],
      rows: [[String(round * 100), String(round * 100)]],
    });
    const described = await service.describe(queryId);
    expect(described).toMatchObject({
      status: "FINISHED",
      resultRows: 1,
      eventsScanned: round * 100,
      storeIds: [first],
    });
    expect(described?.bytesScanned).toBeGreaterThan(0);
    expect(described?.finishedAt).toBeGreaterThanOrEqual(described?.startedAt ?? Infinity);
  }
});

test("a resend of what was acknowledged is one row", async () => {
  await acknowledge(first, 0, 50);
  await answer(`SELECT 1 FROM ${first} LIMIT 1`);
  await acknowledge(first, 0, 60);
  expect(await answer(`SELECT count(*) FROM ${first}`)).toEqual([["60"]]);
});

test("queries run across stores", async () => {
  await acknowledge(first, 0, 10);
  await acknowledge(second, 0, 10, "s");
  await acknowledge(second, 10, 5, "s");
  expect(
    await answer(
      `SELECT eventData.eventName, count(*) AS n FROM ${first} GROUP BY 1 UNION ALL SELECT 'second', count(*) FROM ${second} ORDER BY n DESC, eventName`,
    ),
  ).toEqual([
    ["second", "15"],
    ["Login", "5"],
    ["Logout", "5"],
  ]);
  expect(
    await answer(
      `SELECT a.eventData.uid, json_extract_scalar(element_at(b.eventData.additionalEventData, 'payload'), '$.a.b') AS b FROM ${first} a JOIN ${second} b ON a.eventTime = b.eventTime WHERE a.eventData.uid = 'e3'`,
    ),
  ).toEqual([["e3", "3"]]);
});

test("an empty store answers no rows", async () => {
  expect(await answer(`SELECT * FROM ${first}`)).toEqual([]);
  expect(await answer(`SELECT count(*) FROM ${first}`)).toEqual([["0"]]);
});

test("a bound on eventTime reads only the files within it", async () => {
  await acknowledge(first, 0, 10);
  await acknowledge(first, 3 * 86_400, 10);
  const day = new Date(now - 2 * 86_400_000).toISOString().slice(0, 10);
  const { queryId } = await start(`SELECT count(*) FROM ${first} WHERE eventTime >= '${day} 00:00:00'`);
  await service.ended(queryId);
  expect(await service.describe(queryId)).toMatchObject({ status: "FINISHED", eventsScanned: 10 });
  expect((await service.results(queryId, { offset: 0, limit: 1 })).rows).toEqual([["10"]]);
});

test("results page exactly", async () => {
  await acknowledge(first, 0, 2);
  const { queryId } = await start(
    `SELECT x FROM ${first} CROSS JOIN UNNEST(sequence(1, 6000)) AS t(x) WHERE eventData.uid <> 'e9' ORDER BY eventData.uid, x`,
  );
  await service.ended(queryId);
  expect(await service.describe(queryId)).toMatchObject({ status: "FINISHED", resultRows: 12_000 });
  const expected = [1, 2].flatMap(() => Array.from({ length: 6000 }, (_, index) => [String(index + 1)]));
  for (const limit of [1000, 777, 1]) {
    const rows: unknown[] = [];
    const stop = limit === 1 ? 50 : Infinity;
    for (let offset = 0; rows.length < stop; offset += limit) {
      const page = await service.results(queryId, { offset, limit });
      if (page.rows.length === 0) break;
      rows.push(...page.rows);
    }
    expect(rows).toEqual(expected.slice(0, rows.length));
    expect(rows).toHaveLength(Math.min(stop, 12_000));
  }
  expect((await service.results(queryId, { offset: 4999, limit: 3 })).rows).toEqual([["5000"], ["5001"], ["5002"]]);
  expect((await service.results(queryId, { offset: 12_000, limit: 3 })).rows).toEqual([]);
});

test("a page of wide rows is bounded, and the next one goes on after it", async () => {
  await acknowledge(first, 0, 1);
  const { queryId } = await start(
    `SELECT x, rpad('', 300000, 'y') AS wide FROM ${first} CROSS JOIN UNNEST(sequence(1, 100)) AS t(x) ORDER BY x`,
  );
  await service.ended(queryId);
  expect(await service.describe(queryId)).toMatchObject({ status: "FINISHED", resultRows: 100 });
  const seen: (string | null | undefined)[] = [];
  for (let pages = 0; pages < 100; pages++) {
    const { rows } = await service.results(queryId, { offset: seen.length, limit: 1000 });
    if (rows.length === 0) break;
    expect(JSON.stringify(rows).length).toBeLessThan(12_000_000);
    seen.push(...rows.map(([x]) => x));
  }
  expect(seen).toEqual(Array.from({ length: 100 }, (_, index) => String(index + 1)));
});

test("a bad statement and a store that is not granted are refused before anything is queued", async () => {
  await expect(start("SELECT nope(")).rejects.toMatchObject({ code: "QUERY_INVALID" });
  // Reading no store, it would need nobody's permission.
  await expect(start("SELECT 1")).rejects.toMatchObject({ code: "QUERY_INVALID" });
  await expect(start(`SELECT read_text('/etc/passwd') FROM ${first}`)).rejects.toMatchObject({
    code: "QUERY_INVALID",
    message: expect.stringContaining("read_text"),
  });
  await expect(start(`SELECT * FROM ${first} WHERE eventid IN (SELECT eventid FROM ${unknown})`)).rejects.toMatchObject(
    { code: "NOT_GRANTED" },
  );
  expect(await catalog.activeQueries()).toEqual([]);
});

const heavy = `SELECT count(*) FROM ${first} a CROSS JOIN UNNEST(sequence(1, 100000)) AS t(x) CROSS JOIN UNNEST(sequence(1, 100000)) AS u(y) WHERE x * y % 7 = 3`;

test("cancelling stops a heavy query within two seconds, and it stays cancelled", async () => {
  await acknowledge(first, 0, 10);
  const { queryId } = await start(heavy);
  await until(async () => (await service.describe(queryId))?.status === "RUNNING");
  const began = performance.now();
  expect(await service.cancel(queryId)).toBe(true);
  expect((await service.describe(queryId))?.status).toBe("CANCELLED");
  await service.ended(queryId);
  expect(performance.now() - began).toBeLessThan(2000);
  expect((await service.describe(queryId))?.status).toBe("CANCELLED");
  expect(await service.cancel(queryId)).toBe(false);
});

test("a heavy query of a store that is deleted stops, with the reason, and nobody works at it any more", async () => {
  await service.close();
  service = await open({ lookMs: 20 });
  await acknowledge(first, 0, 10);
  const { queryId } = await start(heavy);
  await until(async () => (await service.describe(queryId))?.status === "RUNNING");
  expect((await catalog.unsettledQueries()).map((query) => query.queryId)).toEqual([queryId]);
  await catalog.changeControl(await catalog.generation(), [
    { kind: "endQueries", storeId: first, reason: "the store was deleted" },
  ]);
  await service.ended(queryId);
  expect(await service.describe(queryId)).toMatchObject({ status: "FAILED", errorMessage: "the store was deleted" });
  expect(await catalog.unsettledQueries()).toEqual([]);
});

test("what a killed service was writing is deleted when another takes over", async () => {
  await acknowledge(first, 0, 10);
  const { queryId } = await start(heavy);
  await until(async () => (await service.describe(queryId))?.status === "RUNNING");
  const page = `results/${queryId}/page-000000.ndjson`;
  await objects.put(page, Buffer.from('["leftover"]\n'));
  // Cancelled by another, and killed before it could clean up.
  await catalog.moveQuery(queryId, ["RUNNING"], { status: "CANCELLED", finishedAt: now });
  const next = await open();
  await expect(objects.get(page)).rejects.toMatchObject({ code: "OBJECT_MISSING" });
  expect(await catalog.unsettledQueries()).toEqual([]);
  expect((await catalog.getQuery(queryId))?.status).toBe("CANCELLED");
  await next.close();
});

test("a query that waits for compaction can be cancelled", async () => {
  compact = false;
  await acknowledge(first, 0, 10);
  const { queryId } = await start(`SELECT 1 FROM ${first}`);
  await until(async () => (await catalog.readyQuery(queryId)).kind === "waiting");
  expect(await service.cancel(queryId)).toBe(true);
  await service.ended(queryId);
  expect((await service.describe(queryId))?.status).toBe("CANCELLED");
});

test("a query past its time is TIMED_OUT", async () => {
  await service.close();
  service = await open({ timeoutMs: 1500 });
  await acknowledge(first, 0, 10);
  const { queryId } = await start(heavy);
  await service.ended(queryId);
  expect(await service.describe(queryId)).toMatchObject({
    status: "TIMED_OUT",
    errorMessage: expect.stringContaining("longer than"),
  });
});

test("a query whose engine fails is FAILED with the reason, and leaves no result", async () => {
  await acknowledge(first, 0, 10);
  const { queryId } = await start(`SELECT 1 / (count(*) - 10) FROM ${first}`);
  await service.ended(queryId);
  expect(await service.describe(queryId)).toMatchObject({
    status: "FAILED",
    errorMessage: expect.stringContaining("Division by zero"),
  });
  await expect(service.results(queryId, { offset: 0, limit: 1 })).rejects.toMatchObject({
    code: "QUERY_RESULT_MISSING",
  });
});

test("what is over the limit waits its turn, first come first served", async () => {
  const order: string[] = [];
  const one: Engine = {
    run: (query, signal) => (order.push(/'(\w)'/.exec(query.sql)?.[1] ?? ""), engine.run(query, signal)),
    close: () => Promise.resolve(),
  };
  await service.close();
  service = await open({ concurrency: 1 }, one);
  const ids = await Promise.all(["a", "b", "c", "d"].map((letter) => start(`SELECT '${letter}' FROM ${first}`)));
  await Promise.all(ids.map(({ queryId }) => service.ended(queryId)));
  expect(order).toEqual(["a", "b", "c", "d"]);
  expect(await Promise.all(ids.map(async ({ queryId }) => (await service.describe(queryId))?.status))).toEqual([
    "FINISHED",
    "FINISHED",
    "FINISHED",
    "FINISHED",
  ]);
});

test("more than the most active queries are refused", async () => {
  compact = false;
  await acknowledge(first, 0, 1);
  await Promise.all(Array.from({ length: 10 }, () => start(`SELECT 1 FROM ${first}`)));
  await expect(start(`SELECT 1 FROM ${first}`)).rejects.toMatchObject({ code: "QUERY_LIMIT" });
});

test("after a crash a RUNNING query is FAILED with the reason and a QUEUED one goes on", async () => {
  await acknowledge(first, 0, 5);
  const record = {
    accountId,
    callerArn: "arn",
    statement: `SELECT count(*) FROM ${first}`,
    storeIds: [first],
    status: "QUEUED",
    createdAt: now,
  } as const;
  const [running, queued] = [randomUUID(), randomUUID()];
  for (const queryId of [running, queued]) await catalog.startQuery({ ...record, queryId }, 10);
  await catalog.moveQuery(running, ["QUEUED"], { status: "RUNNING", startedAt: now });
  // Of the second a crash of the machine undid that it was RUNNING.
  for (const queryId of [running, queued])
    await objects.put(`results/${queryId}/page-000000.ndjson`, Buffer.from('["left behind"]\n'));
  await service.close();
  service = await open();
  await service.ended(queued);
  expect(await service.describe(running)).toMatchObject({
    status: "FAILED",
    errorMessage: expect.stringContaining("stopped"),
  });
  expect(readdirSync(join(directory, "objects", "results"))).not.toContain(running);
  expect((await service.results(queued, { offset: 0, limit: 1 })).rows).toEqual([["5"]]);
});

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
