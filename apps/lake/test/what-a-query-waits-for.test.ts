import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { SqliteDatabase } from "../src/catalog/sqlite-database.ts";
import { DuckDBEngine } from "../src/engine/duckdb-engine.ts";
import { openDirectoryObjects } from "../src/objects/directory-objects.ts";
import type { Objects } from "../src/objects/objects.ts";
import { ResultStore } from "../src/query/result-store.ts";
import { writeActivityFile } from "./activity-file.ts";

const root = mkdtempSync(join(tmpdir(), "tributary-waits-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
let folder: string;
let objects: Objects;
beforeEach(async () => {
  folder = join(root, String(folders++));
  mkdirSync(folder);
  objects = await openDirectoryObjects({ directory: join(folder, "objects") });
});

async function* pagesOf(...pages: string[][][]): AsyncGenerator<string[][]> {
  yield* pages;
}

/** A database, and how much it syncs now: 0 never, 1 at checkpoints, 2 at each change. */
function openDatabase(synchronous: string): { readonly db: SqliteDatabase; readonly level: () => unknown } {
  const db = new SqliteDatabase(new DatabaseSync(join(folder, synchronous)));
  db.exec("PRAGMA journal_mode = WAL");
  db.exec(`PRAGMA synchronous = ${synchronous}`);
  db.exec("CREATE TABLE t (a)");
  return { db, level: () => db.get<{ synchronous: number }>("PRAGMA synchronous")?.synchronous };
}

test("a change that is found out again waits for no sync, and the next one for all", () => {
  const { db, level } = openDatabase("FULL");
  expect(db.unsynced(() => [level(), db.run("INSERT INTO t VALUES (1)")])).toEqual([1, 1]);
  expect(level()).toBe(2);
  expect(() =>
    db.unsynced(() => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect(level()).toBe(2);
  expect(db.unsynced(() => db.transaction(() => db.run("INSERT INTO t VALUES (2)")))).toBe(1);
  expect(level()).toBe(2);
  db.close();
  const off = openDatabase("OFF");
  expect([off.db.unsynced(off.level), off.level()], "no more than was asked for").toEqual([0, 0]);
  off.db.close();
});

test("the last page of a result and its index are written at once, and of what fails nothing is left", async () => {
  const begun: string[] = [];
  let letGo: (() => void) | undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const slow: Objects = {
    ...objects,
    put: async (path, content) => {
      begun.push(path.split("/").at(-1)!);
      await held;
      await objects.put(path, content);
    },
  };
  const written = new ResultStore(slow).write("q", ["a"], pagesOf([["1"], ["2"]]));
  await vi.waitFor(() => expect(begun.toSorted()).toEqual(["index.json", "page-000000.ndjson"]));
  letGo!();
  expect(await written).toMatchObject({ rows: 2 });

  for (const fails of ["index.json", "page-000000.ndjson"]) {
    const failing: Objects = {
      ...objects,
      put: (path, content) =>
        path.endsWith(fails) ? Promise.reject(new Error("no space left")) : objects.put(path, content),
    };
    const store = new ResultStore(failing);
    await expect(store.write("r", ["a"], pagesOf([["1"]]))).rejects.toThrow("no space left");
    expect(readdirSync(join(folder, "objects", "results"))).toEqual(["q"]);
    await expect(store.read("r", 0, 1)).rejects.toMatchObject({ code: "QUERY_RESULT_MISSING" });
  }
});

test("a page that was just written is not read again, and is gone with its result", async () => {
  const read: string[] = [];
  const told: Objects = { ...objects, get: (path) => (read.push(path.split("/").at(-1)!), objects.get(path)) };
  const store = new ResultStore(told);
  const rows = Array.from({ length: 12_000 }, (_, n) => [String(n)]);
  await store.write("q", ["a"], pagesOf(rows));
  expect((await store.read("q", 4999, 2)).rows).toEqual([["4999"], ["5000"]]);
  expect(read).toEqual(["index.json"]);
  await store.delete("q");
  await expect(store.read("q", 0, 1)).rejects.toMatchObject({ code: "QUERY_RESULT_MISSING" });
});

test("the next query's process starts after the answer of the last one, or when it is needed", async () => {
  const file = join(folder, "objects", "tables", "one.parquet");
  mkdirSync(join(folder, "objects", "tables"));
  await writeActivityFile(file, { rows: 10, start: Date.UTC(2024, 0, 1) });
  const engine = new DuckDBEngine({ directory: join(folder, "objects"), threads: 1, spareAfterMs: 3_600_000 });
  try {
    const first = engine.pids;
    expect(first).toHaveLength(1);
    for (let n = 0; n < 2; n++) {
      const tables = [{ name: "t", files: [file] }];
      const { pages } = await engine.run({ sql: "SELECT count(*) FROM t", tables }, new AbortController().signal);
      for await (const page of pages) expect(page).toEqual([["10"]]);
      await vi.waitFor(() => expect(engine.pids).toEqual([]));
    }
  } finally {
    await engine.close();
  }
});
