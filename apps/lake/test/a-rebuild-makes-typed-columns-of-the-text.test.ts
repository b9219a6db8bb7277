import { createHash, randomUUID } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import { findings, makeProofLake, proofStore, quietStore, removeLake } from "./proof-lake.ts";
import { run } from "./test-lake.ts";

test("a file whose typed columns are wrong gets those of its text, others stay, and the lake proves", async () => {
  const { data } = await makeProofLake();
  const duckdb = await (await DuckDBInstance.create(":memory:")).connect();
  const catalog = await openSqliteCatalog({ file: join(data, "catalog.sqlite"), clock: systemClock });
  try {
    const objects = await openDirectoryObjects({ directory: join(data, "objects") });
    const read = async (columns: string): Promise<unknown> => {
      const { files } = await catalog.snapshot(proofStore);
      const paths = files.map(({ path }) => `'${join(data, "objects", path)}'`).join(", ");
      const sql = `SELECT ${columns} FROM read_parquet([${paths}], hive_partitioning = false) ORDER BY eventid`;
      return (await duckdb.runAndReadAll(sql)).getRowsJson();
    };
    const right = await read("eventid, eventtime, metadata, eventdata, eventdata_text");
    const rebuild = (...which: readonly string[]) => run(["rebuild", "--data", data, ...which, "--json"]);
    const { files } = await catalog.snapshot(proofStore);
    expect(JSON.parse((await rebuild("--store", proofStore)).stdout)).toMatchObject({
      files: files.length,
      rebuilt: 0,
      rows: 0,
    });

    // As if another release had made them: a name in capitals, and a row without any.
    const old = files[0]!;
    const wrong = join(data, "wrong.parquet");
    await duckdb.run(`COPY (SELECT * REPLACE (CASE WHEN eventid = '${old.minEventId}' THEN NULL ELSE struct_update(eventdata, eventname := upper(eventdata.eventname)) END AS eventdata)
      FROM read_parquet('${join(data, "objects", old.path)}', hive_partitioning = false)) TO '${wrong}' (FORMAT parquet, COMPRESSION zstd)`);
    const path = `tables/${proofStore}/eventday=${old.eventDay}/${randomUUID()}.parquet`;
    const bytes = readFileSync(wrong);
    await catalog.addIntent(path, 1);
    await objects.put(path, bytes);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const addFiles = [{ ...old, path, bytes: bytes.length, sha256 }];
    const swap = {
      storeId: proofStore,
      kind: "rebuild",
      journalPositions: [],
      addFiles,
      removeFiles: [old.path],
      intents: [path],
    } as const;
    expect((await catalog.commit({ ...swap, createdAt: 2 })).kind).toBe("committed");
    rmSync(wrong);
    expect(await read("eventid, eventtime, metadata, eventdata, eventdata_text")).not.toEqual(right);

    const done = await rebuild("--all");
    expect(done.stderr).toBe("");
    const said = done.stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(said).toContainEqual({
      event: "rebuilt",
      storeId: proofStore,
      files: files.length,
      rebuilt: 1,
      rows: old.rows,
    });
    expect(said).toContainEqual({ event: "rebuilt", storeId: quietStore, files: 0, rebuilt: 0, rows: 0 });
    expect(await read("eventid, eventtime, metadata, eventdata, eventdata_text")).toEqual(right);
    expect(await findings(data)).toEqual([]);
    expect((await rebuild()).code).toBe(2);
    expect((await rebuild("--store", "none")).stderr).toContain("no event data store none");
  } finally {
    await catalog.close();
    removeLake(data);
  }
});
