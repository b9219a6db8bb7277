import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { failureText } from "../src/index.ts";
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
  ["repeat('x', 100000000)", "repeat takes a count of at most 10000"],
  ["lpad('x', 100000000, 'y')", "at most 1000000 characters"],
  ["rpad('x', 2000000, 'y')", "at most 1000000 characters"],
  ["cast('x' as bigint)", "Could not convert"],
  ["json_parse('{')", "Malformed JSON"],
])("%s fails the query", async (expression, message) => {
  await expect(connection.runAndReadAll(compile(`SELECT ${expression}`).sql)).rejects.toThrow(message);
});

test("a failure of ours reads without the engine's words around it; any other stays as it is", async () => {
  const message = await connection.runAndReadAll(compile("SELECT 1 / 0").sql).then(
    () => "no failure",
    (error: unknown) => String(error),
  );
  expect(message).toContain("Could not convert");
  expect(failureText(message)).toBe("Division by zero");
  expect(failureText("Malformed JSON")).toBe("Malformed JSON");
});
