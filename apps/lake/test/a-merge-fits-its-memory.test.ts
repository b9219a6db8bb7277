import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, test } from "vitest";
import { duckDBMerge } from "../src/compactor/duckdb-merge.ts";

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
