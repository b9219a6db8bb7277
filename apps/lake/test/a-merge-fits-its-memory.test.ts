import { hash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, test } from "vitest";
import { duckDBMerge } from "../src/compactor/duckdb-merge.ts";
import { duckDBRebuild } from "../src/compactor/duckdb-rebuild.ts";
import { duckDBRewrite } from "../src/compactor/duckdb-rewrite.ts";
import { typedEventData } from "../src/compactor/event-columns.ts";
import { eventLines } from "./proof-lake.ts";

const folder = mkdtempSync(join(tmpdir(), "tributary-merge-memory-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("files with several times more text than a merge has memory become one", { timeout: 120_000 }, async () => {
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const paths: string[] = [];
  for (let n = 0; n < 4; n++) {
    const path = join(folder, `${n}.parquet`);
    await connection.run(
      `COPY (SELECT to_timestamp(n) AS eventtime, md5(CAST(n AS VARCHAR)) AS eventid, {'ingestiontime': '2026-03-01T00:00:00'} AS metadata,
         {'uid': md5(CAST(n AS VARCHAR)), 'requestparameters': MAP {'a': repeat(md5(CAST(n AS VARCHAR)), 10)}} AS eventdata,
         repeat(md5(CAST(n AS VARCHAR)), 40) AS eventdata_text
         FROM range(${n}, 60000, 4) AS series (n)) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 4096)`,
    );
    paths.push(path);
  }
  const resources = { directory: join(folder, "merge"), threads: 1, memoryBytes: 96 * 1024 ** 2 };
  const merged = await duckDBMerge(resources, paths);
  expect(merged).toMatchObject({ rows: 60_000, duplicates: 0 });
  const reader = await connection.runAndReadAll(
    `SELECT count(DISTINCT eventid) AS ids, count(*) FILTER (eventtime <= before) AS unsorted FROM
       (SELECT eventid, eventtime, lag(eventtime) OVER (ORDER BY file_row_number) AS before
        FROM read_parquet('${join(folder, "merge", "merged.parquet")}', file_row_number = true))`,
  );
  expect(reader.getRowObjectsJson()).toEqual([{ ids: "60000", unsorted: "0" }]);
  connection.closeSync();
  await merged.close();
});

const rows = 60_000;

/** A file with 80 MB of text, sorted, of which the columns are not what the text makes of them. */
async function largeFile(name: string): Promise<string> {
  const path = join(folder, name);
  const { eventdata } = JSON.parse(eventLines(0, 0, 1)[0]!) as { readonly eventdata: string };
  const text = eventdata.replace(/}$/, ',"requestParameters":{"long":"LONG"}}').replaceAll("'", "''");
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  await connection.run(
    `COPY (SELECT to_timestamp(n) AS eventtime, md5(CAST(n AS VARCHAR)) AS eventid, {'ingestiontime': '2026-03-01T00:00:00'} AS metadata,
       ${typedEventData("'{}'")} AS eventdata,
       CASE WHEN n IN (7, 999, 20000, 30000, 40000, 59999) THEN '[' ELSE replace('${text}', 'LONG', repeat(md5(CAST(n AS VARCHAR)), 40)) END AS eventdata_text
       FROM range(${rows}) AS series (n)) TO '${path}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 4096)`,
  );
  connection.closeSync();
  return path;
}

async function looked(path: string): Promise<unknown> {
  const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const reader = await connection.runAndReadAll(
    `SELECT count(DISTINCT eventid) AS ids, count(*) FILTER (eventtime <= before) AS unsorted, count(eventdata.eventname) AS typed FROM
       (SELECT eventid, eventtime, eventdata, lag(eventtime) OVER (ORDER BY file_row_number) AS before
        FROM read_parquet('${path}', file_row_number = true))`,
  );
  connection.closeSync();
  return reader.getRowObjectsJson()[0];
}

test(
  "a file with more text than there is memory is purged of events, and made anew of its text, in its order",
  {
    timeout: 120_000,
  },
  async () => {
    const path = await largeFile("large.parquet");
    const resources = { threads: 1, memoryBytes: 72 * 1024 ** 2 };
    const purged = Array.from({ length: 1000 }, (_, n) => hash("md5", String(n * 7), "hex"));
    const rewritten = await duckDBRewrite({ ...resources, directory: join(folder, "rewrite") }, path, purged);
    expect(rewritten).toMatchObject({ dropped: 1000, written: { rows: rows - 1000 } });
    expect(await looked(join(folder, "rewrite/rewritten.parquet"))).toEqual({
      ids: String(rows - 1000),
      unsorted: "0",
      typed: "0",
    });
    await rewritten.close();

    const rebuilt = await duckDBRebuild({ ...resources, directory: join(folder, "rebuild") }, path);
    expect(rebuilt).toMatchObject({ changed: rows, written: { rows } });
    expect(await looked(join(folder, "rebuild/rebuilt.parquet"))).toEqual({
      ids: String(rows),
      unsorted: "0",
      typed: String(rows - 6),
    });
  },
);

test("who reads the texts of a merged file needs a fraction of the merge's memory", { timeout: 120_000 }, async () => {
  const mebibytes = 128;
  const paths = [0, 1, 2, 3].map((n) => join(folder, `${n}.parquet`));
  const resources = { directory: join(folder, "large"), threads: 1, memoryBytes: mebibytes * 1024 ** 2 };
  const merged = await duckDBMerge(resources, paths);
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1",
    memory_limit: `${mebibytes / 4}MiB`,
    temp_directory: "",
  });
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT count(*) AS count FROM read_parquet('${join(folder, "large", "merged.parquet")}') WHERE eventdata_text LIKE '%c4ca4238%'`,
  );
  expect(Number(reader.getRowObjects()[0]?.["count"])).toBeGreaterThan(0);
  connection.closeSync();
  await merged.close();
});
