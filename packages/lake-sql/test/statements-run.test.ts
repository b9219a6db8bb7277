import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { activityColumns } from "../src/index.ts";
import { compile, openActivityStores, other, rowsOf, store } from "./duckdb.ts";
import { statementVectors } from "./statement-vectors.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openActivityStores();
});
afterAll(() => connection.closeSync());

test.each(statementVectors)("$name", async ({ statement, columns, rows }) => {
  const compiled = compile(statement);
  expect(compiled.columns.map((column) => column.name)).toEqual(columns);
  expect(await rowsOf(connection, compiled.sql)).toEqual(rows);
});

test("SELECT * has AWS's columns in AWS's order, without the hidden ones", () => {
  expect(compile(`SELECT * FROM ${store}`).columns.map((column) => column.name)).toEqual(
    activityColumns.filter((column) => column.hidden !== true).map((column) => column.name),
  );
  expect(compile(`SELECT * FROM ${store}`).columns).toHaveLength(10);
});

test("the stores a statement reads are told, each once", () => {
  expect(
    compile(
      `WITH x AS (SELECT 1 AS one FROM ${other}) SELECT * FROM x JOIN ${store} a ON true WHERE EXISTS (SELECT 1 FROM ${other})`,
    ).storeIds,
  ).toEqual([other, store]);
  expect(compile("SELECT 1").storeIds).toEqual([]);
});

const at = (text: string): number => Date.parse(text);
test.each([
  [
    "both ends",
    `SELECT 1 FROM ${store} WHERE eventTime >= '2024-01-02' AND eventTime < '2024-01-03' AND eventid <> 'x'`,
    { notBefore: at("2024-01-02") - 1, notAfter: at("2024-01-03") + 1 },
  ],
  [
    "BETWEEN, the literal first",
    `SELECT 1 FROM ${store} a WHERE a.eventTime BETWEEN '2024-01-02' AND '2024-01-04' AND timestamp '2024-01-03' > a.eventTime`,
    { notBefore: at("2024-01-02") - 1, notAfter: at("2024-01-03") + 1 },
  ],
  [
    "two uses, the wider bound",
    `SELECT 1 FROM ${store} WHERE eventTime > '2024-01-02' UNION ALL SELECT 1 FROM ${store} WHERE eventTime > '2023-01-02'`,
    { notBefore: at("2023-01-02") - 1 },
  ],
  [
    "one use without a bound",
    `SELECT 1 FROM ${store} WHERE eventTime > '2024-01-02' UNION ALL SELECT 1 FROM ${store}`,
    {},
  ],
  ["OR is no bound", `SELECT 1 FROM ${store} WHERE eventTime > '2024-01-02' OR eventid = 'x'`, {}],
  ["NOT is no bound", `SELECT 1 FROM ${store} WHERE NOT eventTime > '2024-01-02'`, {}],
  [
    "a condition inside EXISTS is no bound of the query around it",
    `SELECT 1 FROM ${store} a WHERE NOT EXISTS (SELECT 1 FROM ${other} b WHERE a.eventTime > '2024-01-02')`,
    {},
  ],
  [
    "another table's column is no bound",
    `SELECT 1 FROM ${store} a JOIN (SELECT eventTime AS t FROM ${other}) b ON true WHERE t > '2024-01-02'`,
    {},
  ],
])("time bounds: %s", (_, statement, bounds) => {
  expect(compile(statement).timeBounds.get(store)).toEqual(bounds);
});
