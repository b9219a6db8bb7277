import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compileQuery, LakeSqlError } from "../src/index.ts";
import { activityQueries } from "./activity/activity-queries.ts";
import { withIds } from "./activity/events.ts";
import { compile, granted, store } from "./duckdb.ts";
import { vectors } from "./vectors/vectors.ts";

function refusal(statement: string): string {
  try {
    compile(statement);
  } catch (error) {
    if (error instanceof LakeSqlError && error.line !== undefined && error.column !== undefined) return error.message;
    throw error;
  }
  throw new Error(`compiled: ${statement}`);
}

test.each([
  [
    "SELECT json_extract_sclar('{}', '$.a')",
    "line 1:8: function 'json_extract_sclar' is not supported; did you mean 'json_extract_scalar'?",
  ],
  ["SELECT dateadd('day', 1, now())", "did you mean 'date_add'?"],
  [
    "SELECT approx_set(1)",
    "function 'approx_set' is not supported: it works on a sketch of values that the engine does not have",
  ],
  ["SELECT zzzzzzzzzzzz(1)", "line 1:8: function 'zzzzzzzzzzzz' is not supported"],
  [`SELECT evntTime FROM ${store}`, "line 1:8: column 'evntTime' cannot be resolved; did you mean 'eventtime'?"],
  [
    `SELECT eventData.eventNmae FROM ${store}`,
    "column 'eventData.eventNmae' cannot be resolved; did you mean 'eventname'?",
  ],
  [`SELECT eventData.additionalEventData.client FROM ${store}`, "it is a map: use element_at(..., 'client')"],
  [`SELECT\n  eventId,\nFROM ${store}`, "line 3:1: found 'FROM', expected an expression"],
  [`SELECT eventId FROM ${store} WHERE`, "found the end of the statement, expected an expression"],
  [`SELECT eventId FROM ${store} WHERE eventTime > 'last week'`, "'last week' is not a date or time"],
  [`SELECT eventId FROM ${store} WHERE eventName = 5 AND`, "line 1:"],
  [`SELECT eventId + 1 FROM ${store}`, "'+' takes numbers, not varchar; cast it first"],
  ["SELECT 'a' || 1", "'||' joins texts, not integer; cast it to varchar first"],
  ["SELECT eventId FROM okta_events", "'okta_events' is not the id of an event data store"],
  ["SELECT sum(x) OVER w FROM (VALUES 1) t(x)", "window 'w' is not declared"],
  ["SELECT upper(x) IGNORE NULLS FROM (VALUES 'a') t(x)", "'upper' is not an aggregate function"],
  ["SELECT json_value('{}', 'lax $.a ? (@ > 1)')", "JSON path 'lax $.a ? (@ > 1)' is not supported"],
  [
    "SELECT * FROM (VALUES 1) a NATURAL JOIN (VALUES 1) b",
    "NATURAL JOIN is not supported: name the columns with USING",
  ],
  [
    "WITH RECURSIVE t AS (SELECT 1 AS n) SELECT n FROM t",
    "each table of WITH RECURSIVE names its columns: NAME (COLUMN, ...) AS (...)",
  ],
  [
    "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT BIGINT '2' FROM t) SELECT n FROM t",
    "column 1 of the step is bigint, which is not read as integer, the type of the base: cast one of them",
  ],
  ["WITH RECURSIVE t(n) AS (SELECT n FROM t) SELECT n FROM t", "a base, UNION ALL, and a step that refers to it"],
  ["SELECT x FROM (VALUES 1) t(x) FETCH FIRST 1 ROW WITH TIES", "FETCH FIRST ... WITH TIES needs ORDER BY"],
  [`SELECT * FROM ${store} TABLESAMPLE SYSTEM (10)`, "TABLESAMPLE SYSTEM is not supported"],
  ["DROP TABLE x", "only SELECT statements can be run"],
  ["SELECT 1; SELECT 2", "one statement is run at a time"],
  ["SELECT 99999999999999999999", "a whole number has at most 64 bits"],
])("%s", (statement, message) => {
  expect(refusal(statement)).toContain(message);
});

const valid = [
  ...activityQueries.map(({ statement }) => withIds(statement)),
  ...Object.values(vectors).flatMap((list) => list.map(([expression]) => `SELECT ${expression}`)),
];
const pieces = valid.map((statement) => statement.split(/(?<=[\s(),.'"[\]])|(?=[\s(),.'"[\]])/));
const words = [...new Set(pieces.flat())].filter((word) => word.length < 30);

test("a statement made of pieces of others compiles or is refused with a place, in time", () => {
  let slowest = 0;
  let compiled = 0;
  const part = fc.record({
    from: fc.nat(),
    start: fc.nat(),
    size: fc.nat({ max: 40 }),
    put: fc.constantFrom(...words),
  });
  fc.assert(
    fc.property(fc.constantFrom(...pieces), fc.array(part, { minLength: 1, maxLength: 4 }), (whole, parts) => {
      const made = [...whole];
      for (const { from, start, size, put } of parts) {
        const other = pieces[from % pieces.length] ?? [];
        const at = start % (made.length + 1);
        made.splice(at, size % 4, ...other.slice(start % (other.length + 1)).slice(0, size), put);
      }
      const statement = made.join("").slice(0, 10_000);
      const began = performance.now();
      try {
        compileQuery(statement, { resolve: (id) => granted.get(id) });
        compiled++;
      } catch (error) {
        if (!(error instanceof LakeSqlError)) throw error;
        if (error.code === "INVALID_QUERY_STATEMENT" && !/^line \d+:\d+: .|1 to 10000 characters/s.test(error.message))
          throw new Error(`without a place: ${error.message}`, { cause: error });
      }
      slowest = Math.max(slowest, performance.now() - began);
    }),
    { numRuns: 6000 },
  );
  expect(compiled).toBeGreaterThan(50);
  // Of a busy machine too: what is meant is that none hangs.
  expect(slowest).toBeLessThan(5000);
});

test.each([
  ["a word", "a "],
  ["an opening parenthesis", "("],
  ["a lambda", "(a, b) -> "],
  ["a call", "transform("],
  ["a quote", "'"],
  ["a comment", "/* "],
  ["a comma", "x,"],
  ["a case", "CASE WHEN "],
  ["a join", `JOIN ${store} `],
  ["a JSON function", "json_value("],
  ["a window", "sum(x) OVER (ORDER BY "],
  ["a row", "row(1,"],
  ["a letter with marks", "e\u0301"],
  ["a dash", "-"],
])("ten thousand characters of %s are read in time", (_, text) => {
  const began = performance.now();
  const statement = `SELECT ${text.repeat(10_000)}`.slice(0, 9_999);
  const fault = ((): unknown => {
    try {
      compile(statement);
    } catch (error) {
      return error;
    }
    return undefined;
  })();
  expect(fault === undefined || fault instanceof LakeSqlError).toBe(true);
  expect(performance.now() - began).toBeLessThan(2000);
});
