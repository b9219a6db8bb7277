import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureText } from "../src/index.ts";
import { answerOf, compile, openActivityStores } from "./duckdb.ts";
import { differences } from "./vectors/differences.ts";
import { lakeVectors } from "./vectors/lake.ts";
import { fails } from "./vectors/vector.ts";
import { vectors } from "./vectors/vectors.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openActivityStores();
});
afterAll(() => connection.closeSync());

const answerOrFails = (expression: string): Promise<string | null | typeof fails> =>
  answerOf(connection, `SELECT ${expression}`).catch((error: unknown) => {
    // A statement that the engine cannot bind is a fault of the emitter, and no answer.
    if (/Binder Error|Catalog Error|Parser Error|INTERNAL/.test(String(error))) throw error;
    return fails;
  });

describe.each(Object.entries({ ...vectors, lake: lakeVectors }))("%s", (_chapter, list) => {
  test.each(list)("%s", async (expression, value) => {
    expect(await answerOrFails(expression)).toBe(value);
  });
});

test.each(differences)("%s differs from Trino on purpose: $reason", async (difference) => {
  expect(await answerOrFails(difference.expression)).toBe(difference.ours);
});

test.each([
  ["1 / 0", "Division by zero"],
  ["1 % 0", "Division by zero"],
  ["1.0 / 0", "Division by zero"],
  ["ARRAY[1][2]", "element_at answers null for it"],
  ["repeat('x', 100000000)", "repeat takes a count of at most 10000"],
  ["lpad('x', 100000000, 'y')", "at most 1000000 characters"],
  ["rpad('x', 2000000, 'y')", "at most 1000000 characters"],
  ["sequence(1, 1000000000)", "at most 100000 items"],
  ["levenshtein_distance(rpad('', 100000, 'a'), rpad('', 100000, 'b'))", "at most 4096 characters"],
  ["cast('10.0.0.300' as ipaddress)", "not an IP address"],
  ["contains('10.0.0.0/x', ipaddress '10.0.0.1')", "not a network in CIDR notation"],
  ["cast('x' as bigint)", "Could not convert"],
  ["json_parse('{')", "Malformed JSON"],
])("%s fails the query: %s", async (expression, message) => {
  await expect(answerOf(connection, `SELECT ${expression}`)).rejects.toThrow(message);
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
