import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile, openActivityStores, rowsOf } from "./duckdb.ts";
import { expressionVectors } from "./expression-vectors.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openActivityStores();
});
afterAll(() => connection.closeSync());

test.each(expressionVectors)("%s is %s", async (expression, value) => {
  expect(await rowsOf(connection, compile(`SELECT ${expression}`).sql)).toEqual([[value]]);
});

test.each([
  ["1 / 0", "Division by zero"],
  ["1 % 0", "Division by zero"],
  ["cast('x' as bigint)", "Could not convert"],
  ["json_parse('{')", "Malformed JSON"],
])("%s fails the query", async (expression, message) => {
  await expect(connection.runAndReadAll(compile(`SELECT ${expression}`).sql)).rejects.toThrow(message);
});
