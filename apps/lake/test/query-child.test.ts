import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { QueryChild } from "../src/engine/child-process.ts";
import { childUser } from "../src/engine/child-user.ts";
import { DuckDBEngine } from "../src/engine/duckdb-engine.ts";
import type { EngineQuery } from "../src/engine/engine.ts";
import { writeActivityFile } from "./activity-file.ts";

const directory = mkdtempSync(join(tmpdir(), "query-child-"));
const objects = join(directory, "objects");
const file = join(objects, "tables", "one.parquet");
const secret = join(directory, "secret.txt");
let engine: DuckDBEngine;

beforeAll(async () => {
  mkdirSync(join(objects, "tables"), { recursive: true });
  writeFileSync(secret, "not for queries", { mode: 0o644 });
  await writeActivityFile(file, { rows: 5000, start: Date.UTC(2024, 0, 1) });
  engine = new DuckDBEngine({ directory: objects, memoryBytes: 512 * 1024 ** 2, threads: 1 });
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

type Rows = (readonly (string | null)[])[];
async function rowsOf(
  sql: string,
  tables: EngineQuery["tables"] = [{ name: "t", files: [file] }],
  signal = new AbortController().signal,
): Promise<Rows> {
  const rows: Rows = [];
  for await (const page of (await engine.run({ sql, tables }, signal)).pages) rows.push(...page);
  return rows;
}

test("rows come back as strings in AWS's spelling", async () => {
  const sql = `SELECT eventtime, eventdata.useridentity.details, eventdata.useridentity, [1, 2], true, 1e10, 0.5::DOUBLE, 3, NULL, '[1]'::JSON, [['{"a":1}'::JSON]], DATE '2024-01-02', INTERVAL 1 DAY, 'a'::BLOB, 1.50, 7::HUGEINT, TIMESTAMP '1969-12-31 23:59:59.999999', 'nan'::DOUBLE FROM t ORDER BY eventtime LIMIT 1`;
  expect(await rowsOf(sql)).toEqual([
    [
      "2024-01-01 00:00:00.000",
      '{"n":"0"}',
      '{"type":"User","principalid":"user0","details":{"n":"0"}}',
      "[1,2]",
      "true",
      "1.0E10",
      "0.5",
      "3",
      null,
      "[1]",
      '[[{"a":1}]]',
      "2024-01-02",
      "1 00:00:00.000",
      "61",
      "1.50",
      "7",
      "1969-12-31 23:59:59.999",
      "NaN",
    ],
  ]);
});

test("a store without files is an empty table with every column", async () => {
  expect(
    await rowsOf('SELECT count(*), max(eventdata.eventname), max(eventday) FROM "e" WHERE eventtime > now()', [
      { name: "e", files: [] },
    ]),
  ).toEqual([["0", null, null]]);
});

test("the retention bound hides what is older", async () => {
  expect(
    await rowsOf("SELECT count(*), min(eventday) FROM t", [
      { name: "t", files: [file], notBefore: Date.UTC(2024, 0, 1) + 4_990_000 },
    ]),
  ).toEqual([["10", "2024-01-01"]]);
});

test("many rows arrive complete and in order, however slowly they are read", async () => {
  const result = await engine.run(
    { sql: "SELECT n FROM range(100000) r(n)", tables: [] },
    new AbortController().signal,
  );
  let next = 0;
  for await (const page of result.pages) {
    if (next < 5000) await new Promise((resolve) => setImmediate(resolve));
    for (const [n] of page) expect(n).toBe(String(next++));
  }
  expect(next).toBe(100_000);
});

test.each([
  ["read_text", () => `SELECT * FROM read_text('${secret}')`],
  ["glob", () => `SELECT * FROM glob('${directory}/*')`],
  ["a path in FROM", () => `SELECT * FROM '${secret}'`],
  ["read_csv", () => `SELECT * FROM read_csv('${secret}')`],
  [
    "a parquet file that is not the query's",
    () => `SELECT * FROM read_parquet('${objects}/tables/../tables/one.parquet')`,
  ],
  ["COPY to a new file", () => `COPY (SELECT 1) TO '${directory}/written.csv'`],
  ["COPY over a table file", () => `COPY (SELECT 1) TO 'tables/one.parquet'`],
  ["ATTACH", () => `ATTACH '${directory}/written.db'`],
  ["INSTALL", () => "INSTALL httpfs"],
  ["LOAD", () => `LOAD '${secret}'`],
  ["SET", () => "SET enable_external_access = true"],
  ["RESET", () => "RESET lock_configuration"],
])("the child itself refuses %s, were it ever asked", async (_, sql) => {
  const before = readFileSync(file);
  const answer = await rowsOf(sql()).catch((error: unknown) => error);
  expect(answer).toMatchObject({ code: "QUERY_FAILED" });
  expect(JSON.stringify(answer)).not.toContain("not for queries");
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(statSync(file).mode & 0o777).toBe(0o444);
  expect(existsSync(join(directory, "written.csv")) || existsSync(join(directory, "written.db"))).toBe(false);
});

test("a query that fails after many rows fails, and never looks whole", async () => {
  for (const failing of ["CAST('x' || n AS BIGINT)", "error('no')"]) {
    const result = await engine.run(
      { sql: `SELECT CASE WHEN n = 490000 THEN ${failing} ELSE n END FROM range(500000) r(n)`, tables: [] },
      new AbortController().signal,
    );
    let rows = 0;
    const read = async (): Promise<void> => {
      for await (const page of result.pages) rows += page.length;
    };
    await expect(read()).rejects.toMatchObject({ code: "QUERY_FAILED", message: expect.stringMatching(/x490000|no/) });
    expect(rows).toBeGreaterThan(0);
  }
});

test.runIf(process.platform === "linux")("a child has nothing of the lake's environment", async () => {
  const child = new QueryChild({ directory: objects, user: undefined, config: {} });
  child.hold();
  await child.next();
  const names = readFileSync(`/proc/${child.pid}/environ`, "utf8")
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => line.split("=")[0]);
  expect(names.every((name) => name?.startsWith("NODE_CHANNEL_"))).toBe(true);
  child.kill();
  await child.closed;
});

test("cancelling a query while its rows are read ends the reading", async () => {
  const controller = new AbortController();
  const result = await engine.run({ sql: "SELECT n FROM range(100000000000) r(n)", tables: [] }, controller.signal);
  const read = async (): Promise<void> => {
    let pages = 0;
    for await (const _ of result.pages) if (++pages === 10) controller.abort(new Error("cancelled"));
  };
  await expect(read()).rejects.toThrow("cancelled");
});

test("cancelling a heavy query stops it within two seconds", async () => {
  const controller = new AbortController();
  const started = performance.now();
  const heavy = rowsOf(
    "SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range % 7 = 3",
    [],
    controller.signal,
  );
  heavy.catch(() => undefined);
  setTimeout(() => controller.abort(new Error("cancelled")), 300);
  await expect(heavy).rejects.toThrow("cancelled");
  expect(performance.now() - started).toBeLessThan(2500);
});

test("a query that ignores interrupts is killed", async () => {
  const controller = new AbortController();
  const started = performance.now();
  const deaf = rowsOf("SELECT levenshtein(repeat('a', 200000), repeat('b', 200000))", [], controller.signal);
  deaf.catch(() => undefined);
  setTimeout(() => controller.abort(new Error("cancelled")), 300);
  await expect(deaf).rejects.toThrow("cancelled");
  expect(performance.now() - started).toBeLessThan(2500);
});

test("a query that kills its child fails alone", async () => {
  const deep = `SELECT json_structure(repeat('[', 100000) || repeat(']', 100000))`;
  const [first, second] = await Promise.allSettled([rowsOf(deep), rowsOf("SELECT count(*) FROM t")]);
  expect(first).toMatchObject({ status: "rejected", reason: { code: "QUERY_FAILED" } });
  expect(second).toEqual({ status: "fulfilled", value: [["5000"]] });
  expect(await rowsOf("SELECT 1", [])).toEqual([["1"]]);
});

test("a query that needs more memory than it is allowed fails", async () => {
  await expect(rowsOf("SELECT list(n ORDER BY n DESC) FROM range(500000000) r(n)", [])).rejects.toMatchObject({
    code: "QUERY_FAILED",
  });
});

test.runIf(process.getuid?.() === 0)("children never become root", async () => {
  const status = await rowsOf("SELECT 1", []);
  expect(status).toEqual([["1"]]);
  expect(() => new DuckDBEngine({ directory: objects, childUser: "root" })).toThrow(/neither root/);
  expect(() => new DuckDBEngine({ directory: objects, childUser: "nobody-of-that-name" })).toThrow(
    /there is no such user/,
  );
});

test.runIf(process.getuid?.() === 0)("the child has dropped its rights before it says that it is ready", async () => {
  const child = new QueryChild({ directory: objects, user: childUser("nobody"), config: {} });
  child.hold();
  expect(await child.next()).toEqual({ kind: "ready", uid: childUser("nobody")?.uid });
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  expect(/^Uid:\t(\d+)\t(\d+)\t(\d+)\t(\d+)$/m.exec(status)?.slice(1)).toEqual(
    Array.from({ length: 4 }, () => String(childUser("nobody")?.uid)),
  );
  expect(/^Groups:\t(.*)$/m.exec(status)?.[1]?.trim()).toBe("");
  child.kill();
  await child.closed;
});
