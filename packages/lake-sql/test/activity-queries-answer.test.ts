import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { activityQueries } from "./activity/activity-queries.ts";
import { sameCells } from "./activity/activity-query.ts";
import { createStores, withIds } from "./activity/events.ts";
import { compile, rowsOf } from "./duckdb.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const statement of createStores) await connection.run(statement);
});
afterAll(() => connection.closeSync());

test("there are at least sixty questions, each once", () => {
  expect(activityQueries.length).toBeGreaterThanOrEqual(60);
  expect(new Set(activityQueries.map(({ statement }) => statement)).size).toBe(activityQueries.length);
});

test.each(activityQueries)("$name", async ({ statement, columns, rows }) => {
  const query = compile(withIds(statement));
  expect(query.columns.map(({ name }) => name)).toEqual(columns);
  expect(sameCells(await rowsOf(connection, query.sql))).toEqual(sameCells(rows));
});
