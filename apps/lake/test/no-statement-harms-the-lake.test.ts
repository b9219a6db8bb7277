import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DuckDBEngine } from "../src/engine/duckdb-engine.ts";
import { compileStatement } from "../src/query/compile-statement.ts";
import { writeActivityFile } from "./activity-file.ts";

// What users can write in Lake SQL, run as the lake runs it: in a child with a memory limit, one store granted.
const directory = mkdtempSync(join(tmpdir(), "harm-"));
const store = "11111111-1111-4111-8111-111111111111";
const objects = join(directory, "objects");
const file = join(objects, "one.parquet");
let engine: DuckDBEngine;

beforeAll(async () => {
  mkdirSync(objects);
  await writeActivityFile(file, { rows: 1000, start: Date.UTC(2024, 0, 1) });
  engine = new DuckDBEngine({ directory: objects, memoryBytes: 256 * 1024 ** 2, threads: 1 });
});
afterAll(async () => {
  await engine.close();
  rmSync(directory, { recursive: true, force: true });
});

async function rowsOf(
  statement: string,
  signal = AbortSignal.timeout(60_000),
): Promise<(readonly (string | null)[])[]> {
  const { sql } = compileStatement(statement, (id) => id === store);
  const rows: (readonly (string | null)[])[] = [];
  const result = await engine.run({ sql, tables: [{ name: store, files: [file] }] }, signal);
  for await (const page of result.pages) rows.push(...page);
  return rows;
}
const one = (expression: string, signal?: AbortSignal): Promise<unknown> =>
  rowsOf(`SELECT ${expression} FROM ${store} LIMIT 1`, signal).then(([row]) => row?.[0]);

const lives = async (): Promise<void> => expect(await rowsOf(`SELECT count(*) FROM ${store}`)).toEqual([["1000"]]);

test.each([
  ["a huge repeat", "cardinality(repeat('x', 2000000000))", "at most 10000"],
  ["a huge pad", "length(rpad('x', 2000000000, 'y'))", "at most 1000000"],
  ["a huge pad, by a value", "length(lpad('x', length(eventId) * 100000000, 'y'))", "at most 1000000"],
  ["a huge sequence", "cardinality(sequence(1, 9000000000))", "at most 100000"],
  ["a huge sequence, downwards", "cardinality(sequence(9000000000, 1, -1))", "at most 100000"],
  ["a huge sequence of dates", "cardinality(sequence(date '0001-01-01', date '9999-12-31'))", "at most 100000"],
  [
    "a huge sequence of times",
    "cardinality(sequence(timestamp '2000-01-01 00:00:00', timestamp '2026-01-01 00:00:00', INTERVAL '0.001' SECOND))",
    "at most 100000",
  ],
  ["distances of long texts", "levenshtein_distance(rpad('', 200000, 'a'), rpad('', 200000, 'b'))", "at most 4096"],
  ["sequences of sequences", "transform(sequence(1, 100000), x -> sequence(1, 100000))", /memory/i],
  [
    "a text doubled again and again",
    "length(reduce(sequence(1, 60), rpad('', 1000, 'a'), (s, x) -> s || s, s -> s))",
    /./,
  ],
])("%s fails alone", async (_, expression, message) => {
  await expect(one(expression)).rejects.toMatchObject({
    code: "QUERY_FAILED",
    message: expect.stringMatching(message),
  });
  await lives();
});

test.each([
  ["JSON a hundred thousand deep, parsed", "json_format(json_parse(rpad('', 100000, '[')))"],
  ["deep JSON, whole", "json_extract_scalar(rpad('', 100000, '[') || rpad('', 100000, ']'), '$[0]')"],
  ["deep JSON, cast", "cast(json_parse(rpad('', 1000, '[') || rpad('', 1000, ']')) AS array(varchar))"],
  ["deep JSON and a path", "json_value(rpad('', 600000, '{\"a\":') || '1' || rpad('', 100000, '}'), 'lax $.a.a')"],
])("%s is answered, or fails alone", async (_, expression) => {
  const fault = await one(expression).then(
    () => ({ code: "QUERY_FAILED" }),
    (error: unknown) => error,
  );
  expect(fault).toMatchObject({ code: "QUERY_FAILED" });
  await lives();
});

test.each([
  ["(a+)+$", "regexp_like(rpad('', 100000, 'a') || 'b', '(a+)+$')", "false"],
  ["(a|a)*c", "regexp_replace(rpad('', 100000, 'a'), '(a|a)*c', '') = ''", "false"],
  ["a.*a.*a.*b", "regexp_count(rpad('', 20000, 'a'), 'a.*a.*a.*b')", "0"],
])("a regular expression that blows up elsewhere, %s, is linear here", async (_, expression, value) => {
  expect(await one(expression)).toBe(value);
});

test.each([
  ["each once", "cardinality(array_distinct(sequence(1, 100000)))", "100000"],
  ["those that another has too", "cardinality(array_intersect(sequence(1, 100000), sequence(2, 100000)))", "99999"],
  ["those that another has not", "array_except(sequence(1, 100000), sequence(2, 100000))", "[1]"],
])("the values of a hundred thousand, %s, are found in little memory", async (_, expression, value) => {
  expect(await one(expression)).toBe(value);
});

test("a map of ten thousand keys is gathered in little memory", async () => {
  const keys = `SELECT a.eventId || b.eventId AS k FROM ${store} a, (SELECT eventId FROM ${store} LIMIT 10) b`;
  const statement = `SELECT cardinality(map_agg(k, 1)), cardinality(map_union(MAP(ARRAY[k], ARRAY[1]))) FROM (${keys})`;
  expect(await rowsOf(statement)).toEqual([["10000", "10000"]]);
});

test("a regular expression that would need too much memory is refused", async () => {
  await expect(one("regexp_like(eventId, '((a{1000}){1000}){1000}')")).rejects.toMatchObject({ code: "QUERY_FAILED" });
  await lives();
});

const explosion = `SELECT array_agg(a.eventId || b.eventId || c.eventId) FROM ${store} a, ${store} b, ${store} c`;

test("a join that explodes meets the memory limit and fails alone", async () => {
  const [exploded, other] = await Promise.allSettled([rowsOf(explosion), rowsOf(`SELECT max(eventId) FROM ${store}`)]);
  expect(exploded).toMatchObject({ status: "rejected", reason: { code: "QUERY_FAILED" } });
  expect(other).toEqual({ status: "fulfilled", value: [["event-999"]] });
});

/** Processor time of each child of this process, in ticks, by its id. */
function childTimes(): Map<string, number> {
  const times = new Map<string, number>();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = readFileSync(`/proc/${id}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      if (Number(fields[1]) === process.pid) times.set(id, Number(fields[11]) + Number(fields[12]));
    } catch {
      // It has ended.
    }
  }
  return times;
}

test.runIf(process.platform === "linux").each([
  ["a join", `SELECT count(*) FROM ${store} a, ${store} b, ${store} c, ${store} d WHERE a.eventId < d.eventId`],
  [
    "text matched with many wildcards",
    `SELECT count(*) FROM ${store} a, ${store} b WHERE rpad('', 100000, 'a') || a.eventId LIKE '%a%a%a%a%a%a%a%b' || b.eventId`,
  ],
  [
    "distances",
    `SELECT sum(levenshtein_distance(rpad(a.eventId, 4000, 'x'), rpad(b.eventId, 4000, 'y'))) FROM ${store} a, ${store} b`,
  ],
])("cancelling %s ends its process within two seconds", async (_, statement) => {
  const before = childTimes();
  const controller = new AbortController();
  const running = rowsOf(statement, controller.signal);
  running.catch(() => undefined);
  let busy: string | undefined;
  const deadline = performance.now() + 30_000;
  while (busy === undefined && performance.now() < deadline) {
    // One that has worked for 0.3 s since.
    busy = [...childTimes()].find(([id, time]) => time - (before.get(id) ?? 0) > 60)?.[0];
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(busy).toBeDefined();
  const cancelled = performance.now();
  controller.abort(new Error("cancelled"));
  await expect(running).rejects.toThrow("cancelled");
  while (childTimes().has(busy ?? "")) {
    expect(performance.now() - cancelled).toBeLessThan(2000);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await lives();
});
