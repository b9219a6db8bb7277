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

test.each(["1 / 0", "1 % 0", "cast('x' as bigint)", "json_parse('{')"])("%s fails the query", async (expression) => {
  await expect(connection.runAndReadAll(compile(`SELECT ${expression}`).sql)).rejects.toThrow();
});
