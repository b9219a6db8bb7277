import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import {
  CloudTrailClient,
  DescribeQueryCommand,
  GetQueryResultsCommand,
  GetResourcePolicyCommand,
  ListEventDataStoresCommand,
  StartQueryCommand,
} from "@aws-sdk/client-cloudtrail";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { formatVersion } from "../src/catalog/sqlite-schema.ts";
import { systemClock } from "../src/clock.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import { ResultStore } from "../src/query/result-store.ts";
import { serve } from "../src/serve/serve.ts";
import { goldenFile, readGoldenLake } from "./golden/golden-lake.ts";
import { filesOf, unpack } from "./golden/packed-directory.ts";
import { findingsOf } from "./proof-lake.ts";
import { region, run } from "./test-lake.ts";

const golden = readGoldenLake();
const packed = readFileSync(goldenFile);
let parent: string;
let data: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "tributary-golden-"));
  data = join(parent, "lake");
  unpack(packed, data);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("the packed lake is of the format that this release writes", () => {
  expect(golden.formatVersion).toBe(formatVersion);
  expect(packed.length).toBeLessThan(300_000);
});

test("its tables are those that this release makes: otherwise the packed lake must be made anew", async () => {
  const file = join(parent, "new.sqlite");
  await (await openSqliteCatalog({ file, clock: systemClock })).close();
  const [made, kept] = [file, join(data, "catalog.sqlite")].map((path) => {
    const db = new DatabaseSync(path, { readOnly: true });
    const tables = db.prepare("SELECT name, sql FROM sqlite_master ORDER BY name").all();
    db.close();
    return tables;
  });
  expect(kept).toEqual(made);
});

test("it is sound, with its journal and its query's result", async () => {
  const catalog = await openSqliteCatalog({ file: join(data, "catalog.sqlite"), clock: systemClock });
  try {
    expect(await findingsOf(catalog, data)).toEqual([]);
    const waiting = await catalog.journalBacklog();
    expect(waiting.map(({ storeId, events }) => ({ storeId, events }))).toEqual([
      { storeId: golden.storeId, events: golden.waiting },
    ]);
    expect((await catalog.snapshot(golden.storeId)).files.length).toBeGreaterThan(0);
    const { queryId, rows } = golden.query;
    expect(await catalog.getQuery(queryId)).toMatchObject({ status: "FINISHED", resultRows: rows.length });
    const results = new ResultStore(await openDirectoryObjects({ directory: join(data, "objects") }));
    expect((await results.read(queryId, 0, 1000)).rows).toEqual(rows);
  } finally {
    await catalog.close();
  }
  const { code, stdout } = await run(["doctor", "--data", data, "--json"]);
  expect([code, stdout.includes('"fail"')]).toEqual([0, false]);
});

test("it serves: its identity signs in, and a query finds every event, those of the journal too", async () => {
  const lake = await serve({ data, region, host: "127.0.0.1", port: 0, accessLog: "off" });
  const client = new CloudTrailClient({ region, endpoint: lake.url, credentials: golden.key, maxAttempts: 1 });
  try {
    const { EventDataStores } = await client.send(new ListEventDataStoresCommand({}));
    expect(EventDataStores?.map(({ Name }) => Name)).toEqual(["golden"]);
    const { ResourcePolicy } = await client.send(new GetResourcePolicyCommand({ ResourceArn: golden.channelArn }));
    expect(ResourcePolicy).toContain("cloudtrail:ExternalId");
    const { QueryId } = await client.send(new StartQueryCommand({ QueryStatement: golden.statement }));
    await expect
      .poll(async () => (await client.send(new DescribeQueryCommand({ QueryId }))).QueryStatus, { timeout: 60_000 })
      .toMatch(/^(?:FINISHED|FAILED|TIMED_OUT)$/);
    const { QueryResultRows } = await client.send(new GetQueryResultsCommand({ QueryId }));
    expect(QueryResultRows?.map((row) => row.flatMap((cell) => Object.values(cell)))).toEqual(golden.rows);
  } finally {
    client.destroy();
    await lake.close();
  }
});

test("a directory of a later format is refused by every command, and every byte stays as it was", async () => {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  db.exec(`PRAGMA user_version = ${formatVersion + 1}`);
  db.close();
  const before = filesOf(data);
  const ids = join(parent, "ids");
  writeFileSync(ids, `${golden.query.queryId}\n`);
  await expect(serve({ data, region, host: "127.0.0.1", port: 0 })).rejects.toMatchObject({ code: "CATALOG_FORMAT" });
  for (const command of [
    ["verify"],
    ["heads"],
    ["identity", "list"],
    ["rebuild", "--all"],
    ["export", "--store", golden.storeId],
    ["backup", "--to", join(parent, "backup")],
    ["events", "purge", "--store", golden.storeId, "--event-ids", ids],
    ["identity", "master-key", "rotate"],
  ]) {
    const { code, stderr } = await run([...command, "--data", data]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`format ${formatVersion + 1}, this release reads format`),
    ]);
  }
  expect((await run(["doctor", "--data", data])).stdout).toContain("fail  catalog");
  expect(filesOf(data)).toEqual(before);
});
