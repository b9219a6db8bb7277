import { createHash } from "node:crypto";
import { chmodSync, cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import type { Problem } from "../src/proof/problem.ts";
import { verifyDeltaLog } from "../src/proof/verify-delta-log.ts";
import { withCheckpointReader } from "../src/proof/checkpoint-reader.ts";
import { duckDBCheckpointWriter } from "../src/publish/duckdb-checkpoint-writer.ts";
import { checkpointPath, deltaPath, hintPath } from "../src/publish/log-paths.ts";
import { hintText } from "../src/publish/publish-store.ts";
import { findings, makeProofLake, proofStore, removeLake } from "./proof-lake.ts";

let original: string;
let data: string;
beforeAll(async () => {
  ({ data: original } = await makeProofLake());
  data = join(original, "..", "copy");
});
afterAll(() => removeLake(original));
beforeEach(() => {
  rmSync(data, { recursive: true, force: true });
  cpSync(original, data, { recursive: true });
  chmodSync(data, 0o700);
});

const object = (path: string): string => join(data, "objects", path);
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function sql(statement: string, ...values: readonly (string | number)[]): void {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  db.prepare(statement).run(...values);
  db.close();
}

function overwrite(path: string, bytes: Uint8Array): void {
  chmodSync(object(path), 0o644);
  writeFileSync(object(path), bytes);
}

type Row = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
const rowsOf = async (path: string): Promise<readonly Row[]> =>
  (await withCheckpointReader((read) => read(object(path)))) as readonly Row[];

/** A checkpoint that says something else, with a row in the catalog that bears it out. */
async function forge(version: number, change: (rows: readonly Row[]) => readonly Row[]): Promise<void> {
  const path = checkpointPath(proofStore, version);
  const rows = change(await rowsOf(path));
  const file = await duckDBCheckpointWriter({ workDirectory: join(data, "work") }).write(rows);
  const bytes = file.content instanceof Uint8Array ? file.content : readFileSync(file.content.file);
  await file.close();
  overwrite(path, bytes);
  sql(
    "UPDATE publication_checkpoint SET bytes = ?, sha256 = ?, actions = ?, add_files = ? WHERE version = ?",
    bytes.length,
    sha256(bytes),
    rows.length,
    rows.filter(({ add }) => add !== undefined).length,
    version,
  );
  // The hint has its numbers too.
  const addFiles = rows.filter(({ add }) => add !== undefined).length;
  const hint = { version, actions: rows.length, addFiles, bytes: bytes.length, sha256: "" };
  overwrite(hintPath(proofStore), Buffer.from(hintText(hint)));
}

const forgeries: Readonly<Record<string, (rows: readonly Row[]) => readonly Row[]>> = {
  "lacks a file": (rows) => rows.filter((row) => row !== rows.findLast(({ add }) => add !== undefined)),
  "lists a file twice": (rows) => [...rows, rows.find(({ add }) => add !== undefined)!],
  "lists a file that the store never had": (rows) => [
    ...rows,
    { add: { ...rows.find(({ add }) => add !== undefined)!["add"]!, path: "eventday=2026-01-02/other.parquet" } },
  ],
  "has other statistics of a file": (rows) =>
    rows.map((row) => (row["add"] ? { add: { ...row["add"], stats: '{"numRecords":0}' } } : row)),
  "has another schema": (rows) =>
    rows.map((row) => (row["metaData"] ? { metaData: { ...row["metaData"], schemaString: "{}" } } : row)),
  "asks for another reader": (rows) =>
    rows.map((row) => (row["protocol"] ? { protocol: { minReaderVersion: 2, minWriterVersion: 5 } } : row)),
  "lacks the table itself": (rows) => rows.filter(({ metaData }) => metaData === undefined),
  "removes a file that nothing removed": (rows) => [
    ...rows,
    { remove: { path: "eventday=2026-01-02/other.parquet", deletionTimestamp: 1, dataChange: true } },
  ],
};

test.each(Object.entries(forgeries))(
  "a checkpoint that %s is found by the commits alone, whatever the catalog says of its bytes",
  async (_, change) => {
    await forge(4, (rows) => rows);
    expect(await findings(data), "written again as it was").toEqual([]);
    await forge(4, change);
    const found = await findings(data);
    expect(found).toMatchObject([{ kind: "checkpoint-differs", where: checkpointPath(proofStore, 4) }]);
  },
);

test("a missing version and a missing checkpoint are named, and what was cleaned up is not", async () => {
  for (const version of [0, 1, 2]) rmSync(object(deltaPath(proofStore, version)));
  rmSync(object(checkpointPath(proofStore, 2)));
  expect((await findings(data)).map(({ kind, where }) => [kind, where])).toEqual([
    ...[0, 1, 2].map((version) => ["delta-log-missing", deltaPath(proofStore, version)]),
    ["delta-log-missing", checkpointPath(proofStore, 2)],
  ]);
  sql("UPDATE publication SET cleaned = 4 WHERE store_id = ?", proofStore);
  expect(await findings(data)).toEqual([]);
});

test("a hint may name an older checkpoint that is there, and nothing else", async () => {
  const hint = hintPath(proofStore);
  const { version, size, numOfAddFiles }: Readonly<Record<string, number>> = JSON.parse(
    readFileSync(object(hint), "utf8"),
  );
  const texts = [
    { version: 3, size, numOfAddFiles },
    { version, size: size! + 1, numOfAddFiles },
    { version, size },
    { version, size, numOfAddFiles, parts: 2 },
  ].map((each) => JSON.stringify(each));
  for (const text of [...texts, "", "{"]) {
    overwrite(hint, Buffer.from(text));
    expect((await findings(data)).map(({ kind, where }) => ({ kind, where, text }))).toEqual([
      { kind: "delta-log-differs", where: hint, text },
    ]);
  }
  const older = await rowsOf(checkpointPath(proofStore, 2));
  const files = older.filter(({ add }) => add !== undefined).length;
  overwrite(hint, Buffer.from(JSON.stringify({ version: 2, size: older.length, numOfAddFiles: files })));
  expect(await findings(data)).toEqual([]);
});

test("a checkpoint that a publisher is writing is no finding", async () => {
  cpSync(object(checkpointPath(proofStore, 4)), object(checkpointPath(proofStore, 5)));
  expect(await findings(data)).toMatchObject([{ kind: "object-extra", where: checkpointPath(proofStore, 5) }]);
  sql(
    "INSERT INTO publication_attempt (attempt_id, store_id, first_version, last_version, created_at) VALUES ('a', ?, 5, 5, 1)",
    proofStore,
  );
  expect(await findings(data)).toEqual([]);
});

test("a clean-up between the look at the catalog and the look at the objects is no finding", async () => {
  const catalog = await openSqliteCatalog({ file: join(data, "catalog.sqlite"), clock: systemClock });
  const objects = await openDirectoryObjects({ directory: join(data, "objects") });
  const found: Problem[] = [];
  const before = await catalog.publicationProof(proofStore);
  sql("UPDATE publication SET cleaned = 4 WHERE store_id = ?", proofStore);
  for (const version of [0, 1, 2, 3]) rmSync(object(deltaPath(proofStore, version)));
  rmSync(object(checkpointPath(proofStore, 2)));
  // The catalog as it was until an object is missed.
  let missed = false;
  const ports = {
    catalog: {
      ...catalog,
      publicationProof: async (storeId: string) => (missed ? await catalog.publicationProof(storeId) : before),
    },
    objects: {
      ...objects,
      stage: async (path: string) => {
        missed = true;
        return await objects.stage(path);
      },
    },
  };
  await verifyDeltaLog(ports, await catalog.storeProof(proofStore), (problem) => found.push(problem));
  await catalog.close();
  expect(missed).toBe(true);
  expect(found).toEqual([]);
});
