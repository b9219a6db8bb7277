import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { backupLake } from "../src/backup/backup-lake.ts";
import { openSqliteCatalog } from "../src/catalog/sqlite-catalog.ts";
import { systemClock } from "../src/clock.ts";
import { openDataDirectory } from "../src/serve/data-directory.ts";
import { serve } from "../src/serve/serve.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import { withCheckpointReader } from "../src/proof/checkpoint-reader.ts";
import { duckDBCheckpointWriter } from "../src/publish/duckdb-checkpoint-writer.ts";
import { checkpointPath, deltaPath } from "../src/publish/log-paths.ts";
import { findings, makeProofLake, proofStore, quietStore, removeLake } from "./proof-lake.ts";
import { publishPorts, publishStore } from "./publish-store.ts";
import { entry, region, run, TestLake } from "./test-lake.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "tributary-backup-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const json = (text: string): Readonly<Record<string, unknown>> => JSON.parse(text);
const at = (name: string): string => join(directory, name);
const backup = (data: string, to = at("backup")) => run(["backup", "--data", data, "--to", to, "--json"]);
const restore = (data = at("restored"), from = at("backup")) =>
  run(["restore", "--from", from, "--data", data, "--json"]);

describe("beside a server that takes events", () => {
  let lake: TestLake;
  beforeAll(async () => (lake = await TestLake.start()));
  afterAll(() => lake.close());

  test("what was acknowledged before a backup began is in the lake that it restores, which goes on with its key", async () => {
    const store = await lake.store();
    const channel = await lake.channel([store]);
    const acknowledged: string[] = [];
    const stop = new AbortController();
    const ingest = (async () => {
      for (let n = 0; !stop.signal.aborted; n += 5) {
        const ids = Array.from({ length: 5 }, (_, i) => `e${n + i}`);
        const { status, json: answer } = await lake.put(
          channel,
          ids.map((id) => entry(id)),
        );
        expect([status, answer["failed"]]).toEqual([200, []]);
        acknowledged.push(...ids);
      }
    })();
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(50);
    // Some of them are in the tables, others are not.
    await rowsOf(lake, store);
    const before = [...acknowledged];
    const done = await backup(lake.data);
    stop.abort();
    await ingest;
    expect(done.stderr).toBe("");
    expect(done.code).toBe(0);
    expect(existsSync(join(at("backup"), "master.key"))).toBe(false);
    expect(readFileSync(join(at("backup"), "manifest.json"), "utf8")).not.toContain(lake.admin.secretAccessKey);

    const restored = await restore();
    expect(restored.stderr).toBe("");
    expect(await findings(at("restored"))).toEqual([]);
    expect((statSync(at("restored")).mode & 0o777).toString(8)).toBe("700");
    expect((statSync(join(at("restored"), "catalog.sqlite")).mode & 0o777).toString(8)).toBe("600");

    // Without the master key nothing is served, and the fix is named.
    const without = serve({ data: at("restored"), region, host: "127.0.0.1", port: 0 });
    await expect(without).rejects.toMatchObject({ code: "MASTER_KEY_MISSING" });
    copyFileSync(join(lake.data, "master.key"), join(at("restored"), "master.key"));
    const original = lake.lake;
    lake.lake = await serve({ data: at("restored"), region, host: "127.0.0.1", port: 0 });
    try {
      const found = await rowsOf(lake, store);
      expect(found.length).toBe(new Set(found).size);
      expect(before.filter((id) => !found.includes(id))).toEqual([]);
      expect((await lake.put(channel, [entry("after")])).json["failed"]).toEqual([]);
      expect(await rowsOf(lake, store)).toContain("after");
    } finally {
      await lake.lake.close();
      lake.lake = original;
    }
    expect(await findings(at("restored"))).toEqual([]);
  });
});

describe("of a lake with every kind of object", () => {
  let lake: Awaited<ReturnType<typeof makeProofLake>>;
  beforeEach(async () => (lake = await makeProofLake()));
  afterEach(() => removeLake(lake.data));

  test("a second backup copies what is new alone, and what the lake has no more goes from it", async () => {
    const first = json((await backup(lake.data)).stdout);
    expect(first).toMatchObject({ event: "backed-up", pruned: 0 });
    expect(first["copied"]).toBe(first["objects"]);
    writeFileSync(join(at("backup"), "objects", "stray"), "x");
    const second = json((await backup(lake.data)).stdout);
    // The earlier catalog and the stray object.
    expect(second).toMatchObject({ objects: first["objects"], copied: 0, pruned: 2 });
    expect(json((await restore()).stdout)).toMatchObject({ event: "restored", objects: first["objects"], waiting: 10 });
    expect(await findings(at("restored"))).toEqual([]);
  });

  test("an object of the backup that rotted is copied again", async () => {
    await backup(lake.data);
    damage(someTable(at("backup")));
    expect(json((await backup(lake.data)).stdout)).toMatchObject({ copied: 1 });
    expect((await restore()).code).toBe(0);
  });

  test.skipIf(process.platform === "win32")("a link in a backup is not followed", async () => {
    await backup(lake.data);
    const table = someTable(at("backup"));
    copyFileSync(table, at("elsewhere"));
    rmSync(table);
    symlinkSync(at("elsewhere"), table);
    expect(await restore()).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is not what the manifest says"),
    });
  });

  test("a damaged or incomplete backup becomes no lake", async () => {
    await backup(lake.data);
    const table = someTable(at("backup"));
    const whole = readFileSync(table);
    damage(table);
    expect(await restore(at("a"))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is not what the manifest says"),
    });
    rmSync(table);
    expect(await restore(at("b"))).toMatchObject({ code: 1, stderr: expect.stringContaining("is missing") });
    writeFileSync(table, whole);
    const manifest = json(readFileSync(join(at("backup"), "manifest.json"), "utf8"));
    const heads = [{ storeId: proofStore, version: 99, chain: "0".repeat(64) }];
    writeFileSync(join(at("backup"), "manifest.json"), JSON.stringify({ ...manifest, heads }));
    expect(await restore(at("c"))).toMatchObject({ code: 1, stderr: expect.stringContaining("version 99") });
    const objects = [{ path: "../../x", bytes: 1, sha256: "0".repeat(64) }];
    writeFileSync(join(at("backup"), "manifest.json"), JSON.stringify({ ...manifest, objects }));
    expect(await restore(at("d"))).toMatchObject({ code: 1, stderr: expect.stringContaining("not the manifest") });
    writeFileSync(join(at("backup"), "manifest.json"), JSON.stringify({ ...manifest, catalogFormat: 99 }));
    expect(await restore(at("e"))).toMatchObject({ code: 1, stderr: expect.stringContaining("format 99") });
    // Nothing is left, so that it can be tried again in the same place.
    for (const name of ["a", "b", "c", "d", "e"]) expect(existsSync(at(name))).toBe(false);
    mkdirSync(at("there"), { mode: 0o700 });
    rmSync(table);
    writeFileSync(join(at("backup"), "manifest.json"), JSON.stringify(manifest));
    expect((await restore(at("there"))).code).toBe(1);
    expect(readdirSync(at("there"))).toEqual([]);
  });

  test("what a killed restore leaves is no lake, and nothing is begun in it", async () => {
    await backup(lake.data);
    expect((await restore()).code).toBe(0);
    for (const name of ["catalog.sqlite", "catalog.sqlite-wal", "catalog.sqlite-shm"])
      rmSync(join(at("restored"), name), { force: true });
    const start = (): Promise<unknown> => serve({ data: at("restored"), region, host: "127.0.0.1", port: 0 });
    await expect(start()).rejects.toMatchObject({ code: "CATALOG_MISSING" });
    writeFileSync(join(at("restored"), "catalog.sqlite"), "");
    await expect(start()).rejects.toMatchObject({ code: "CATALOG_MISSING" });
    const create = ["identity", "create", "--data", at("restored"), "--account", "111122223333", "--name", "alice"];
    const { code, stderr } = await run(create);
    expect([code, stderr]).toEqual([1, expect.stringContaining("a restore that did not end")]);
  });

  test("a damaged lake leaves the earlier backup whole", async () => {
    await backup(lake.data);
    const manifest = readFileSync(join(at("backup"), "manifest.json"));
    const table = someTable(at("backup"));
    rmSync(table);
    damage(join(lake.data, relative(at("backup"), table)));
    expect(await backup(lake.data)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not what was committed"),
    });
    expect(readFileSync(join(at("backup"), "manifest.json"))).toEqual(manifest);
  });

  test("one taken while removals were not published: the next checkpoint is of its version, with what was removed after it", async () => {
    // Published up to version 5, with checkpoints at 2 and 4: the next one is at 6.
    const [sixth, seventh] = [await nextVersion(lake.data), await nextVersion(lake.data)];
    expect((await backup(lake.data)).code).toBe(0);
    expect((await restore()).stderr).toBe("");
    expect(await findings(at("restored"))).toEqual([]);
    const catalog = await openSqliteCatalog({ file: join(at("restored"), "catalog.sqlite"), clock: systemClock });
    const objects = await openDirectoryObjects({ directory: join(at("restored"), "objects") });
    const checkpoints = duckDBCheckpointWriter({ workDirectory: join(at("restored"), "work") });
    expect(await publishStore(publishPorts({ catalog, objects, checkpoints }), proofStore, 2)).toBe(7);
    await catalog.close();
    expect(await findings(at("restored"))).toEqual([]);
    const path = checkpointPath(proofStore, 6);
    const rows = await withCheckpointReader(async (read) => await read(await objects.stage(path)));
    const listed = (name: "add" | "remove") =>
      rows.flatMap((row) => (row[name] === undefined ? [] : [(row[name] as { readonly path: string }).path]));
    expect(listed("add").map((file) => `tables/${proofStore}/${file}`)).toContain(seventh);
    expect(listed("add").map((file) => `tables/${proofStore}/${file}`)).not.toContain(sixth);
  });

  test("the published log of a store without events is in it, and what was cleaned up meanwhile is not missed", async () => {
    const catalog = await openSqliteCatalog({ file: join(lake.data, "catalog.sqlite"), clock: systemClock });
    const objects = await openDirectoryObjects({ directory: join(lake.data, "objects") });
    expect(await publishStore(publishPorts({ catalog, objects }), quietStore)).toBe(0);
    const real = { ...catalog };
    // A clean-up up to the checkpoint at 4, once the catalog has been copied.
    const cleaning = {
      ...objects,
      list: async function* (prefix: string) {
        if (prefix.includes("_delta_log")) {
          await real.logsToClean(Number.MAX_SAFE_INTEGER);
          for (const version of [0, 1, 2, 3]) await objects.delete(deltaPath(proofStore, version));
          await objects.delete(checkpointPath(proofStore, 2));
        }
        yield* objects.list(prefix);
      },
    };
    const lakeDirectory = openDataDirectory(lake.data);
    await backupLake({ directory: lakeDirectory, catalog, objects: cleaning, to: at("backup"), clock: systemClock });
    await catalog.close();
    expect((await restore()).stderr).toBe("");
    expect(await findings(at("restored"))).toEqual([]);
    expect(existsSync(join(at("restored"), "objects", deltaPath(quietStore, 0)))).toBe(true);
    expect(existsSync(join(at("restored"), "objects", deltaPath(proofStore, 3)))).toBe(false);
  });

  test("files of other people are not touched, nor the backup of another history", async () => {
    mkdirSync(at("mine"), { mode: 0o700 });
    writeFileSync(join(at("mine"), "letter"), "x");
    expect((await backup(lake.data, at("mine"))).stderr).toContain("holds other things");
    expect((await backup(lake.data, join(lake.data, "backup"))).stderr).toContain("lie in each other");
    expect(readdirSync(at("mine"))).toEqual(["letter"]);
    expect((await restore(at("mine"), at("backup"))).code).toBe(1);

    // The lake goes back to an earlier backup and on from there: the later one is not overwritten.
    await backup(lake.data, at("earlier"));
    await nextVersion(lake.data);
    await backup(lake.data);
    await restore(at("restored"), at("earlier"));
    expect((await backup(at("restored"))).stderr).toContain("history does not have");
    expect((await backup(at("restored"), at("new"))).code).toBe(0);
    expect((await restore(at("restored"))).stderr).toContain("is not empty");
  });
});

/** Another version of the store: one of its files goes, which is answered. */
async function nextVersion(data: string): Promise<string> {
  const catalog = await openSqliteCatalog({ file: join(data, "catalog.sqlite"), clock: systemClock });
  const { files } = await catalog.snapshot(proofStore);
  const removeFiles = [files[0]!.path];
  const change = {
    storeId: proofStore,
    kind: "retention",
    journalPositions: [],
    addFiles: [],
    removeFiles,
    intents: [],
  } as const;
  expect(await catalog.commit({ ...change, createdAt: 1 })).toMatchObject({ kind: "committed" });
  await catalog.close();
  return files[0]!.path;
}

async function rowsOf(lake: TestLake, store: string): Promise<readonly string[]> {
  const { json: started } = await lake.control("StartQuery", {
    QueryStatement: `SELECT eventData.uid FROM ${store.split("/")[1]}`,
  });
  const QueryId = started["QueryId"];
  await expect
    .poll(async () => (await lake.control("DescribeQuery", { QueryId })).json["QueryStatus"], { timeout: 30_000 })
    .toBe("FINISHED");
  const rows: string[] = [];
  let NextToken: unknown;
  do {
    const { json: page } = await lake.control("GetQueryResults", {
      QueryId,
      MaxQueryResults: 1000,
      ...(NextToken !== undefined && { NextToken }),
    });
    rows.push(...(page["QueryResultRows"] as { uid: string }[][]).map((row) => Object.values(row[0]!)[0]!));
    NextToken = page["NextToken"];
  } while (NextToken !== undefined);
  return rows;
}

function someTable(lake: string): string {
  const tables = join(lake, "objects", "tables", proofStore);
  const path = readdirSync(tables, { recursive: true, encoding: "utf8" })
    .toSorted()
    .findLast((name) => name.endsWith(".parquet"));
  return join(tables, path!);
}

function damage(file: string): void {
  const bytes = readFileSync(file);
  bytes[40]! ^= 1;
  chmodSync(file, 0o644);
  writeFileSync(file, bytes);
}
