import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openSqliteCatalog, type SqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import type { StoreCommit } from "../src/catalog/store-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { deltaStart, deltaVersion } from "../src/publish/delta-version.ts";
import { memoryObjects } from "./memory-tables.ts";
import { publishPorts, publishStore } from "./publish-store.ts";

const store = "5a1e0000-0000-4000-8000-000000000001";
const root = `tables/${store}`;
let catalog: SqliteCatalog;
beforeEach(async () => {
  catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
});
afterEach(() => catalog.close());

async function commit(
  kind: StoreCommit["kind"],
  add: readonly string[],
  removeFiles: readonly string[],
): Promise<void> {
  const addFiles = add.map((path) => ({
    path,
    storeId: store,
    eventDay: "2026-03-01",
    rows: 3,
    bytes: 1234,
    sha256: "ab",
    minEventId: "65-a",
    maxEventId: "65-z",
    minEventTime: 1_772_323_200_001,
    maxEventTime: 1_772_323_260_000,
  }));
  for (const path of add) await catalog.addIntent(path, 1);
  const { contentVersion: basis } = await catalog.snapshot(store);
  const change = { storeId: store, kind, journalPositions: [], addFiles, removeFiles, intents: add, basis };
  expect(await catalog.commit({ ...change, createdAt: 1_772_400_000_000 })).toMatchObject({ kind: "committed" });
}
const file = (name: string): string => `${root}/eventday=2026-03-01/${name}.parquet`;
const actions = (text: string): unknown[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);

test("a commit's files are added and removed with their partition and statistics; a merge changes no data", async () => {
  await commit("compaction", [file("a")], []);
  await commit("merge", [file("b")], [file("a")]);
  const [first, second] = await catalog.readCommits(store, 0, 10);
  const commitInfo = { timestamp: 1_772_400_000_000, operation: "WRITE", operationParameters: {} };
  const add = {
    path: "eventday=2026-03-01/a.parquet",
    partitionValues: { eventday: "2026-03-01" },
    size: 1234,
    modificationTime: 1_772_400_000_000,
    dataChange: true,
    stats:
      '{"numRecords":3,"minValues":{"eventid":"65-a","eventtime":"2026-03-01T00:00:00.001Z"},"maxValues":{"eventid":"65-z","eventtime":"2026-03-01T00:01:00.000Z"},"nullCount":{"eventid":0,"eventtime":0}}',
  };
  expect(actions(deltaVersion(store, first!))).toEqual([{ commitInfo }, { add }]);
  expect(actions(deltaVersion(store, second!))).toEqual([
    { commitInfo: { ...commitInfo, operation: "OPTIMIZE" } },
    { remove: { path: add.path, deletionTimestamp: 1_772_400_000_000, dataChange: false } },
    { add: { ...add, path: "eventday=2026-03-01/b.parquet", dataChange: false } },
  ]);
});

test("the first version never changes: what was published with it must stay readable", () => {
  expect(createHash("sha256").update(deltaStart(store)).digest("hex"), "byte for byte").toMatchInlineSnapshot(
    `"8465df593b2c827e73db4afe7ef315ba1a7d8c5ae1559c183d60bce98109e1b8"`,
  );
  expect(actions(deltaStart(store))).toMatchInlineSnapshot(`
    [
      {
        "protocol": {
          "minReaderVersion": 1,
          "minWriterVersion": 2,
        },
      },
      {
        "metaData": {
          "configuration": {
            "delta.deletedFileRetentionDuration": "interval 10 minutes",
            "delta.logRetentionDuration": "interval 7 days",
          },
          "format": {
            "options": {},
            "provider": "parquet",
          },
          "id": "5a1e0000-0000-4000-8000-000000000001",
          "partitionColumns": [
            "eventday",
          ],
          "schemaString": "{"type":"struct","fields":[{"name":"eventversion","type":"string","nullable":true,"metadata":{}},{"name":"eventcategory","type":"string","nullable":true,"metadata":{}},{"name":"eventtype","type":"string","nullable":true,"metadata":{}},{"name":"eventid","type":"string","nullable":true,"metadata":{}},{"name":"eventtime","type":"timestamp","nullable":true,"metadata":{}},{"name":"awsregion","type":"string","nullable":true,"metadata":{}},{"name":"recipientaccountid","type":"string","nullable":true,"metadata":{}},{"name":"addendum","type":{"type":"struct","fields":[{"name":"reason","type":"string","nullable":true,"metadata":{}},{"name":"updatedfields","type":"string","nullable":true,"metadata":{}},{"name":"originaluid","type":"string","nullable":true,"metadata":{}},{"name":"originaleventid","type":"string","nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},{"name":"metadata","type":{"type":"struct","fields":[{"name":"ingestiontime","type":"string","nullable":true,"metadata":{}},{"name":"channelarn","type":"string","nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},{"name":"eventdata","type":{"type":"struct","fields":[{"name":"version","type":"string","nullable":true,"metadata":{}},{"name":"useridentity","type":{"type":"struct","fields":[{"name":"type","type":"string","nullable":true,"metadata":{}},{"name":"principalid","type":"string","nullable":true,"metadata":{}},{"name":"details","type":{"type":"map","keyType":"string","valueType":"string","valueContainsNull":true},"nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},{"name":"useragent","type":"string","nullable":true,"metadata":{}},{"name":"eventsource","type":"string","nullable":true,"metadata":{}},{"name":"eventname","type":"string","nullable":true,"metadata":{}},{"name":"eventtime","type":"string","nullable":true,"metadata":{}},{"name":"uid","type":"string","nullable":true,"metadata":{}},{"name":"requestparameters","type":{"type":"map","keyType":"string","valueType":"string","valueContainsNull":true},"nullable":true,"metadata":{}},{"name":"responseelements","type":{"type":"map","keyType":"string","valueType":"string","valueContainsNull":true},"nullable":true,"metadata":{}},{"name":"errorcode","type":"string","nullable":true,"metadata":{}},{"name":"errormessage","type":"string","nullable":true,"metadata":{}},{"name":"sourceipaddress","type":"string","nullable":true,"metadata":{}},{"name":"recipientaccountid","type":"string","nullable":true,"metadata":{}},{"name":"additionaleventdata","type":{"type":"map","keyType":"string","valueType":"string","valueContainsNull":true},"nullable":true,"metadata":{}}]},"nullable":true,"metadata":{}},{"name":"eventdata_text","type":"string","nullable":true,"metadata":{}},{"name":"eventday","type":"date","nullable":true,"metadata":{}}]}",
        },
      },
    ]
  `);
});

const logPath = (version: number): string => `${root}/_delta_log/${String(version).padStart(20, "0")}.json`;

test("versions are published once each, in order, by whoever comes", async () => {
  const objects = memoryObjects();
  const put: string[] = [];
  const watched = {
    ...objects,
    put: async (path: string, content: Uint8Array | { readonly file: string }) => (
      path.endsWith(".json") && put.push(path),
      await objects.put(path, content)
    ),
  };
  for (let n = 0; n < 250; n++) await commit("compaction", [file(`f${n}`)], []);
  expect(await publishStore(publishPorts({ catalog, objects: watched }), store)).toBe(250);
  expect(put).toEqual(Array.from({ length: 251 }, (_, version) => logPath(version)));
  await commit("retention", [], [file("f3")]);
  put.length = 0;
  expect(await publishStore(publishPorts({ catalog, objects: watched }), store)).toBe(251);
  expect(put).toEqual([logPath(251)]);
  expect(await publishStore(publishPorts({ catalog, objects: watched }), store)).toBe(251);
  expect(put, "nothing is published again").toEqual([logPath(251)]);
});

test("every hundredth version has a checkpoint, and the hint names the last", async () => {
  const objects = memoryObjects();
  for (let n = 0; n < 250; n++) await commit("compaction", [file(`f${n}`)], []);
  await publishStore(publishPorts({ catalog, objects }), store);
  const names = [...objects.stored.keys()].filter((path) => !path.endsWith(".json"));
  expect(names.toSorted()).toEqual([
    `${root}/_delta_log/00000000000000000100.checkpoint.parquet`,
    `${root}/_delta_log/00000000000000000200.checkpoint.parquet`,
    `${root}/_delta_log/_last_checkpoint`,
  ]);
  const hint: unknown = JSON.parse(Buffer.from(objects.stored.get(`${root}/_delta_log/_last_checkpoint`)!).toString());
  expect(hint).toEqual({ version: 200, size: 202, numOfAddFiles: 200 });
});

test("a checkpoint holds the table, its files with statistics, and the removals that readers may still need", async () => {
  const objects = memoryObjects();
  await commit("compaction", [file("a")], []);
  await commit("merge", [file("b")], [file("a")]);
  await commit("retention", [], [file("b")]);
  for (let n = 3; n < 100; n++) await commit("compaction", [file(`f${n}`)], []);
  await publishStore(publishPorts({ catalog, objects }), store);
  const checkpoint = actions(
    Buffer.from(objects.stored.get(`${root}/_delta_log/00000000000000000100.checkpoint.parquet`)!).toString(),
  ) as Record<string, unknown>[];
  expect(checkpoint.slice(0, 2)).toEqual(actions(deltaStart(store)));
  const versions = await catalog.readCommits(store, 3, 100);
  const adds = versions.flatMap((each) => actions(deltaVersion(store, each)) as Record<string, object>[]);
  const live = adds.filter((action) => "add" in action).map(({ add }) => ({ add: { ...add, dataChange: false } }));
  expect(new Set(checkpoint.slice(2).map((each) => JSON.stringify(each)))).toEqual(
    new Set([
      ...live.map((each) => JSON.stringify(each)),
      ...[
        { path: "eventday=2026-03-01/a.parquet", deletionTimestamp: 1_772_400_000_000, dataChange: false },
        { path: "eventday=2026-03-01/b.parquet", deletionTimestamp: 1_772_400_000_000, dataChange: true },
      ].map((remove) => JSON.stringify({ remove })),
    ]),
  );
});

test("a log that somebody else wrote into is not overwritten", async () => {
  const objects = memoryObjects();
  await objects.put(`${root}/_delta_log/00000000000000000001.json`, Buffer.from("{}"));
  await commit("compaction", [file("a")], []);
  await expect(publishStore(publishPorts({ catalog, objects }), store)).rejects.toMatchObject({
    code: "OBJECT_EXISTS",
  });
  expect((await catalog.publication(store)).published).toBe(-1);
});

test("a store without a commit is an empty table", async () => {
  const objects = memoryObjects();
  expect(await publishStore(publishPorts({ catalog, objects }), store)).toBe(0);
  expect([...objects.stored.keys()]).toEqual([`${root}/_delta_log/00000000000000000000.json`]);
});
