import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findings, makeProofLake, proofStore, quietStore, removeLake } from "./proof-lake.ts";
import { run } from "./test-lake.ts";

let original: string;
let data: string;
/** Objects of the original, by their paths. */
let paths: readonly string[];
let tables: readonly string[];

beforeAll(async () => {
  ({ data: original } = await makeProofLake());
  paths = readdirSync(join(original, "objects"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(original, "objects"), join(entry.parentPath, entry.name)));
  tables = paths.filter((path) => path.endsWith(".parquet") && !path.includes("_delta_log"));
  data = join(original, "..", "copy");
});

afterAll(() => removeLake(original));

beforeEach(restore);

function restore(): void {
  rmSync(data, { recursive: true, force: true });
  cpSync(original, data, { recursive: true });
  chmodSync(data, 0o700);
}

function object(path: string): string {
  return join(data, "objects", path);
}

function rewrite(path: string, change: (bytes: Buffer) => Buffer): void {
  const bytes = change(readFileSync(object(path)));
  chmodSync(object(path), 0o644);
  writeFileSync(object(path), bytes);
}

function sql(...statements: readonly string[]): number {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  let changed = 0;
  for (const statement of statements) changed += Number(db.prepare(statement).run().changes);
  db.close();
  return changed;
}

const kinds = async (heads?: string): Promise<readonly string[]> => [
  ...new Set((await findings(data, heads)).map(({ kind }) => kind)),
];

async function keptHeads(): Promise<string> {
  return (await run(["heads", "--data", data, "--json"])).stdout;
}

test("a lake that nobody touched is sound, with heads kept before too", async () => {
  const heads = await keptHeads();
  expect(heads.trim().split("\n")).toHaveLength(1);
  expect(await findings(data, heads)).toEqual([]);
  // It has what can be found: live and removed files, a log, a result.
  expect(tables).toHaveLength(5);
  const log = paths.filter((path) => path.includes("_delta_log")).map((path) => path.split("/").at(-1)!);
  expect(log.filter((name) => name.endsWith(".json"))).toHaveLength(6);
  expect(log.filter((name) => name.endsWith(".checkpoint.parquet"))).toHaveLength(2);
  expect(log).toContain("_last_checkpoint");
  expect(paths.filter((path) => path.startsWith("results/"))).toHaveLength(2);
  const { code, stdout } = await run(["verify", "--data", data]);
  expect(stdout).toMatch(/^sound: 2 stores, 5 files, \d+\.\d MB, 10 events in the journal, 1 query results\n$/);
  expect(code).toBe(0);
});

test("any flipped bit of any table file, log or result is found and named", async () => {
  await fc.assert(
    fc.asyncProperty(
      // The results are few and small.
      fc.oneof(fc.constantFrom(...paths), fc.constantFrom(...paths.filter((path) => path.startsWith("results/")))),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      fc.nat(7),
      async (path, at, bit) => {
        restore();
        rewrite(path, (bytes) => {
          bytes[Math.floor(at * bytes.length)]! ^= 1 << bit;
          return bytes;
        });
        const found = await findings(data);
        const named = path.startsWith("results/") ? path.split("/").slice(0, 2).join("/") : path;
        expect(found.map(({ where }) => where)).toEqual([named]);
      },
    ),
    { numRuns: 60 },
  );
});

describe.each(["dropped", "cut", "longer", "emptied"] as const)("an object that was %s", (how) => {
  test("is found and named", async () => {
    for (const path of paths) {
      restore();
      if (how === "dropped") rmSync(object(path), { force: true });
      else {
        chmodSync(object(path), 0o644);
        if (how === "cut") truncateSync(object(path), statSync(object(path)).size - 1);
        else if (how === "emptied") truncateSync(object(path), 0);
        else writeFileSync(object(path), "\n{}", { flag: "a" });
      }
      const found = await findings(data);
      const removed = await stateOf(path);
      // It was to be deleted.
      if (how === "dropped" && removed === "removed") continue;
      const named = path.startsWith("results/") ? path.split("/").slice(0, 2).join("/") : path;
      expect({ path, found: found.map(({ where }) => where) }).toEqual({ path, found: [named] });
    }
  });
});

describe.each(["a link to it", "a link without end", "a pipe", "a directory"] as const)(
  "%s in an object's place",
  (how) => {
    test("is found and named, and waited for by nobody", async () => {
      for (const path of paths) {
        restore();
        const moved = join(data, "moved");
        renameSync(object(path), moved);
        if (how === "a link to it") symlinkSync(moved, object(path));
        else if (how === "a link without end") symlinkSync("/dev/zero", object(path));
        else if (how === "a directory") mkdirSync(object(path));
        else execFileSync("mkfifo", [object(path)]);
        const found = await findings(data);
        const named = path.startsWith("results/") ? path.split("/").slice(0, 2).join("/") : path;
        expect({ path, found: [...new Set(found.map(({ where }) => where))] }).toEqual({ path, found: [named] });
      }
    });
  },
);

test("a result is found in another query's place", async () => {
  const [from, to] = ["0e0e0000-0000-4000-8000-000000000001", "0e0e0000-0000-4000-8000-000000000002"];
  cpSync(object(`results/${from}`), object(`results/${to}`), { recursive: true });
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  const columns = db.prepare("SELECT name FROM pragma_table_info('query') WHERE name <> 'query_id'").all();
  const names = columns.map(({ name }) => String(name)).join(", ");
  db.exec(`INSERT INTO query (query_id, ${names}) SELECT '${to}', ${names} FROM query WHERE query_id = '${from}'`);
  db.close();
  expect(await findings(data)).toMatchObject([{ kind: "result-damaged", where: `results/${to}` }]);
});

test("each finding says since when it may be", async () => {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  const row = db
    .prepare(
      `SELECT path, created_at AS at FROM store_commit JOIN table_file USING (store_id)
       WHERE version = added_version AND removed_version IS NULL LIMIT 1`,
    )
    .get();
  db.close();
  const [table, at] = [String(row?.["path"]), Number(row?.["at"])];
  rewrite(table, (bytes) => bytes.fill(0, 10, 20));
  expect(await findings(data)).toMatchObject([
    { where: table, since: at, what: expect.stringMatching(/changed it last at 2/) },
  ]);
  const { stdout } = await run(["verify", "--data", data]);
  expect(stdout).toContain(`\n  Since: after ${new Date(at).toISOString()}\n`);
  const json = await run(["verify", "--data", data, "--json"]);
  expect(JSON.parse(json.stdout.split("\n")[0]!)).toMatchObject({ since: new Date(at).toISOString() });
});

async function stateOf(path: string): Promise<string> {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  const row = db.prepare("SELECT removed_version AS v FROM table_file WHERE path = ?").get(path);
  db.close();
  return row?.["v"] == null ? "live" : "removed";
}

test("an object that the lake did not put there is found and named", async () => {
  const strangers = [
    `tables/${proofStore}/eventday=2026-01-03/stranger.parquet`,
    `tables/${proofStore}/_delta_log/00000000000000000099.json`,
    `tables/${proofStore}/_delta_log/00000000000000000003.checkpoint.parquet`,
    `tables/${proofStore}/_delta_log/00000000000000000004.checkpoint.0000000001.0000000001.parquet`,
    `tables/${proofStore}/_delta_log/3.json`,
    `tables/${proofStore}/_delta_log/_sidecars/stranger.parquet`,
    `tables/5a1e0000-0000-4000-8000-00000000ffff/eventday=2026-01-03/stranger.parquet`,
    "results/0e0e0000-0000-4000-8000-00000000ffff/index.json",
    "results/0e0e0000-0000-4000-8000-000000000001/other.json",
    "stranger",
  ];
  for (const path of strangers) {
    restore();
    mkdirSync(dirname(object(path)), { recursive: true });
    cpSync(object(tables[0]!), object(path));
    expect((await findings(data)).map(({ where }) => where)).toEqual([path]);
  }
  restore();
  linkSync(object(tables[0]!), object("tables/twin"));
  expect((await findings(data)).map(({ where }) => where)).toEqual(["tables/twin"]);
});

test("an announced object and a temporary one are no finding", async () => {
  const announced = `tables/${proofStore}/eventday=2026-01-03/announced.parquet`;
  cpSync(object(tables[0]!), object(announced));
  cpSync(object(tables[0]!), object(".tmp/half"));
  sql(`INSERT INTO intent (path, created_at) VALUES ('${announced}', 1)`);
  expect(await findings(data)).toEqual([]);
});

/** Columns that the proof covers, each with a statement that changes one row of it. */
const covered: Readonly<Record<string, readonly string[]>> = {
  store_head: ["version", "content_version", "chain", "store_id"],
  store_commit: ["store_id", "version", "kind", "actions", "chain", "created_at"],
  table_file: [
    "path",
    "store_id",
    "event_day",
    "rows",
    "bytes",
    "sha256",
    "min_event_id",
    "max_event_id",
    "min_event_time",
    "max_event_time",
    "added_version",
    "removed_version",
    "removed_at",
  ],
  journal: ["events", "size", "bytes"],
  publication: ["published"],
  publication_checkpoint: ["store_id", "version", "actions", "add_files", "bytes", "sha256"],
};

test("any change of any row that the proof covers is found", async () => {
  const changes = Object.entries(covered).flatMap(([table, columns]) => columns.map((column) => ({ table, column })));
  for (const { table, column } of changes) {
    const count = rowsOf(table);
    for (let row = 0; row < count; row++) {
      restore();
      const value =
        column === "bytes" && table === "journal"
          ? "CAST(substr(bytes, 1, 20) || x'00' || substr(bytes, 22) AS BLOB)"
          : `CASE typeof(${column}) WHEN 'integer' THEN ${column} + 100 WHEN 'null' THEN 1 ELSE substr(${column}, 1, length(${column}) - 1) || 'z' END`;
      sql(`UPDATE ${table} SET ${column} = ${value} WHERE rowid = (SELECT rowid FROM ${table} LIMIT 1 OFFSET ${row})`);
      expect(await findings(data), `${table}.${column} of row ${row}`).not.toEqual([]);
    }
  }
});

test("a row that was deleted is found", async () => {
  for (const table of ["store_head", "store_commit", "table_file", "publication_checkpoint"])
    for (let row = 0; row < rowsOf(table); row++) {
      restore();
      sql(`DELETE FROM ${table} WHERE rowid = (SELECT rowid FROM ${table} LIMIT 1 OFFSET ${row})`);
      expect(await findings(data), `${table}, row ${row}`).not.toEqual([]);
    }
});

function rowsOf(table: string): number {
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  const count = Number(db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()!["n"]);
  db.close();
  return count;
}

/** Takes the last commit back, in every place where the lake has it. */
function cutTail(): void {
  const last = `(SELECT MAX(version) FROM store_commit WHERE store_id = '${proofStore}')`;
  const db = new DatabaseSync(join(data, "catalog.sqlite"));
  const added = db.prepare(`SELECT path FROM table_file WHERE added_version = ${last}`).all();
  db.close();
  sql(
    `DELETE FROM table_file WHERE added_version = ${last}`,
    `DELETE FROM store_commit WHERE version = ${last}`,
    `UPDATE publication SET published = ${last} WHERE store_id = '${proofStore}'`,
    `UPDATE store_head SET version = ${last}, content_version = 2, chain = (SELECT chain FROM store_commit WHERE version = ${last})`,
  );
  for (const { path } of added) rmSync(object(String(path)), { force: true });
  rmSync(object(`tables/${proofStore}/_delta_log/00000000000000000005.json`), { force: true });
}

test("an end that was cut off is found by heads that were kept elsewhere, and by nothing else", async () => {
  const heads = await keptHeads();
  cutTail();
  expect(await findings(data)).toEqual([]);
  const { keptAt } = JSON.parse(heads.split("\n")[0]!) as { keptAt: number };
  expect(await findings(data, heads)).toMatchObject([
    { kind: "history-cut", where: `store ${proofStore}`, since: keptAt },
  ]);
  sql("DELETE FROM store_head", "DELETE FROM store_commit", "DELETE FROM table_file");
  expect(await kinds(heads)).toContain("history-cut");
});

test("a history that was written anew is found by heads that were kept elsewhere", async () => {
  const heads = (await keptHeads()).replace(/"chain":"../, '"chain":"00');
  expect(await findings(data, heads)).toMatchObject([{ kind: "history-rewritten" }]);
});

test("the command names what it found, what it means and what to do, and exits with 1", async () => {
  for (const path of tables) rmSync(object(path), { force: true });
  const text = await run(["verify", "--data", data]);
  expect(text.code).toBe(1);
  expect(text.stdout).toMatch(
    /^object-missing: tables\/.*\n  .*\n  Since: after 2.*\n  Events are missing.*\n  Restore the lake/,
  );
  const json = await run(["verify", "--data", data, "--json"]);
  const lines = json.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.at(-1)).toMatchObject({ event: "verified", problems: lines.length - 1 });
  expect(lines[0]).toMatchObject({
    event: "problem",
    kind: "object-missing",
    where: expect.stringMatching(/^tables\//),
  });
  const other = await run(["verify", "--data", data, "--store", quietStore]);
  expect(other.code, "another store").toBe(0);
});

test("a directory without a lake and a file without heads are refused, and nothing is made", async () => {
  const nowhere = join(data, "nowhere");
  expect(await run(["verify", "--data", nowhere])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no lake"),
  });
  expect(readdirSync(data)).not.toContain("nowhere");
  writeFileSync(join(data, "heads"), "{}\n");
  const { code, stderr } = await run(["verify", "--data", data, "--heads", join(data, "heads")]);
  expect(code).toBe(1);
  expect(stderr).toContain("heads, line 1");
});
