import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { dropExpired } from "../src/care/drop-expired.ts";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { compactStore } from "../src/compactor/compact-store.ts";
import { openDuckDBShredder } from "../src/compactor/duckdb-shredder.ts";
import { mergeStore } from "../src/compactor/merge-store.ts";
import { journalLine, packLines } from "../src/journal/journal-line.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import { publishPorts, publishStore } from "../test/publish-store.ts";

const python = process.env["PYTHON"] ?? "python3";
const hasDeltaRs = spawnSync(python, ["-c", "import deltalake, pyarrow"]).status === 0;
if (!hasDeltaRs) console.log(`skipped: ${python} has no deltalake and pyarrow (set PYTHON to one that has)`);

const store = "5a1e0000-0000-4000-8000-000000000001";
const dayMs = 86_400_000;
const start = Date.parse("2026-03-01T23:59:59Z");

/** Rows as Python prints them: a map is its pairs, a time ISO 8601 with microseconds. */
const comparable = `eventversion, eventcategory, eventtype, eventid, strftime(eventtime, '%Y-%m-%dT%H:%M:%S.%f') AS eventtime,
  awsregion, recipientaccountid, addendum, metadata,
  CASE WHEN eventdata IS NULL THEN NULL ELSE struct_pack(uid := eventdata.uid, principalid := eventdata.useridentity.principalid,
    details := [[e.key, e.value] for e in map_entries(eventdata.useridentity.details)],
    requestparameters := [[e.key, e.value] for e in map_entries(eventdata.requestparameters)]) END AS eventdata,
  eventdata_text, strftime(eventtime, '%Y-%m-%d') AS eventday`;

interface PythonRow extends Record<string, unknown> {
  readonly eventtime: string;
  readonly eventdata: null | {
    readonly uid: string;
    readonly useridentity: { readonly principalid: string; readonly details: unknown } | null;
    readonly requestparameters: unknown;
  };
}

/** What Python read, as DuckDB spells it. */
function asCompared({ eventtime, eventdata, ...row }: PythonRow): Record<string, unknown> {
  const [whole, zone] = [eventtime.slice(0, -6), eventtime.slice(-6)];
  expect(zone).toBe("+00:00");
  return {
    ...row,
    eventtime: whole.includes(".") ? whole : `${whole}.000000`,
    eventdata:
      eventdata === null
        ? null
        : {
            uid: eventdata.uid,
            principalid: eventdata.useridentity?.principalid ?? null,
            details: eventdata.useridentity?.details ?? null,
            requestparameters: eventdata.requestparameters,
          },
  };
}

test.skipIf(!hasDeltaRs)("delta-rs reads every version of a store as DuckDB reads its files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tributary-delta-"));
  const clock = { now: () => start + 8 * dayMs, monotonic: () => 0 };
  const catalog = await openSqliteCatalog({ file: ":memory:", clock: systemClock });
  const objects = await openDirectoryObjects({ directory: join(folder, "objects") });
  const work = { workDirectory: join(folder, "work"), threads: 1, memoryBytes: 256 * 1024 ** 2 };
  const shredder = await openDuckDBShredder(work);
  const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  await duckdb.run("SET TimeZone = 'UTC'");
  try {
    const ports = { catalog, objects, shredder, clock, newId: randomUUID };
    const expected: unknown[][] = [[]];
    let published = -1;
    const commit = async (change: () => Promise<unknown>): Promise<void> => {
      await change();
      const { files, version } = await catalog.snapshot(store);
      expect(version).toBe(expected.length);
      const paths = await Promise.all(files.map(({ path }) => objects.stage(path)));
      const list = paths.map((path) => `'${path}'`).join(", ");
      const sql = `SELECT ${comparable} FROM read_parquet([${list}], hive_partitioning = false) ORDER BY eventid`;
      expected.push(files.length === 0 ? [] : (await duckdb.runAndReadAll(sql)).getRowObjectsJson());
      published = await publishStore({ ...publishPorts(ports), catalog }, store);
    };
    for (let n = 0; n < 9; n++) {
      const lines = [0, 1, 2].map((part) =>
        journalLine({
          eventid: `65000000-0000-8000-8000-${(n * 3 + part).toString(16).padStart(12, "0")}`,
          eventtime: start + part * 500 + n,
          ingestiontime: start + 60_000,
          channelarn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/c",
          awsregion: "us-east-1",
          recipientaccountid: "111122223333",
          eventdata:
            n === 4
              ? "not json"
              : `{"UID":"u${n}-é😀","userIdentity":{"type":"User","principalId":"p","details":{"a":null,"b":1.50}},"requestParameters":{"x":{"y":[${part}]}}}`,
        }),
      );
      await catalog.append({
        generation: 1,
        entries: [{ storeId: store, events: 3, bytes: packLines(lines) }],
        ingestion: [],
        createdAt: 1,
      });
      await commit(() => compactStore(ports, store, undefined));
    }
    await commit(() => mergeStore(ports, store));
    await commit(() => mergeStore(ports, store));
    await commit(() => dropExpired(ports, store, 7 * dayMs));

    const table = join(folder, "objects", "tables", store);
    const script = fileURLToPath(new URL("./delta-rows.py", import.meta.url));
    const run = spawnSync(python, [script, table, String(published)], { encoding: "utf8", maxBuffer: 1e9 });
    expect(run.stderr).toBe("");
    const read = run.stdout
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as PythonRow[]).map(asCompared));
    expect(read.map((rows) => rows.length)).toEqual([0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 27, 27, 9]);
    expect(read).toEqual(expected);
  } finally {
    duckdb.closeSync();
    await shredder.close();
    await catalog.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
