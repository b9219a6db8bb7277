import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failureText } from "../src/index.ts";
import { compile, openActivityStores, rowsOf, store } from "./duckdb.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openActivityStores();
});
afterAll(() => connection.closeSync());

const failureOf = (expression: string): Promise<string> =>
  rowsOf(connection, compile(`SELECT ${expression} FROM ${store}`).sql).then(
    (rows) => `no failure: ${JSON.stringify(rows)}`,
    (error: unknown) => failureText(error instanceof Error ? error.message : String(error)),
  );

test.each([
  ["1 / (length(eventid) - 3)", "Division by zero"],
  ["cast(eventid AS bigint)", "'1-0' cannot be read as bigint"],
  ["cast(eventid AS double)", "'1-0' cannot be read as double"],
  ["cast(eventid AS date)", 'invalid date field format: "1-0", expected format is (YYYY-MM-DD)'],
  [
    "cast(length(eventid) * 100 AS tinyint)",
    "Type bigint with value 300 can't be cast because the value is out of range for the destination type tinyint",
  ],
  ["9223372036854775807 + length(eventid)", "Overflow in addition of bigint (9223372036854775807 + 3)!"],
  [
    "json_parse(eventid || '{')",
    'Malformed JSON at byte 1 of input: unexpected content after document.  Input: "1-0{"',
  ],
  ["regexp_like(eventid, '(')", "missing ): ("],
  [
    "(SELECT x FROM (VALUES 1, 2) t(x))",
    "More than one row returned by a subquery used as an expression - scalar subqueries can only return a single row.",
  ],
  ["MAP(ARRAY[eventid, eventid], ARRAY[1, 2])", "Map keys must be unique."],
  ["timestamp '2026-01-01 00:00:00 UTC' AT TIME ZONE eventid", "Unknown TimeZone '1-0'!"],
  ["lag(eventid, -length(eventid)) OVER ()", "lag and lead take a number of rows of 0 or more"],
])("%s: %s", async (expression, message) => {
  expect(await failureOf(expression)).toBe(message);
});

test.each([
  [
    "Binder Error: No function matches the given name and argument types 'x(INTEGER_LITERAL)'.\n\tCandidate functions:\n\tx(VARCHAR)\n\nLINE 1: SELECT x(1)",
    "The engine cannot run this statement: a value has a type that its function or operator does not take. Cast values to the types that you mean.",
  ],
  [
    'IO Error: Cannot open file "/data/objects/a.parquet": No such file or directory',
    "A file of the event data store cannot be read. The one who runs the lake finds which with 'tributary-lake verify'.",
  ],
  [
    "INTERNAL Error: Attempted to access index 3 within vector of size 3\n\nStack Trace:\n#0 duckdb::Vector",
    "The engine failed at this statement. Write it another way, and tell the one who runs the lake.",
  ],
  [
    "Out of Memory Error: failed to allocate data of size 16.0 MiB (1.8 GiB/1.8 GiB used)\n\nPossible solutions:\n* SET threads",
    "The query needs more memory than one query may have. Read fewer columns, a shorter time or fewer groups.",
  ],
  [
    "Out of Memory Error: the query needs more memory than one query may have (256MiB).",
    "The query needs more memory than one query may have (256MiB). Read fewer columns, a shorter time or fewer groups.",
  ],
])("nothing of the engine's own: %s", (message, text) => {
  expect(failureText(message)).toBe(text);
});
