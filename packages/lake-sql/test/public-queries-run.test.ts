import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileQuery, type TableRef } from "../src/index.ts";
import { readDuckdbType } from "./duckdb-types.ts";

// Public Lake queries lie beside the repository, where there are any; they are run, not committed.
const folder = join(fileURLToPath(new URL(".", import.meta.url)), "../../../../shared/sql");
const corpus = join(folder, "corpus");
const present = existsSync(corpus);
const activity = "11111111-1111-4111-8111-111111111111";
const management = "22222222-2222-4222-8222-222222222222";
const config = "33333333-3333-4333-8333-333333333333";

/** Not valid as published: no comma, a column that is not grouped, another table, a row named map. */
const invalid =
  /^(activity__github_audit_1|awssamples__ConfigItemCountQuery|awssamples__network-activity-events-vpce-access-denied-s3|docs__multi_table_3|mgmt__negative_control)\.sql$/;

let connection: DuckDBConnection;
const tables = new Map<string, TableRef>();

const text = (value: unknown): string => (typeof value === "string" ? value : "");

beforeAll(async () => {
  if (!present) return;
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(readFileSync(join(folder, "schema_struct.sql"), "utf8"));
  for (const name of [activity, management, config]) {
    const rows = (
      await connection.runAndReadAll(`SELECT column_name, column_type FROM (DESCRIBE "${name}")`)
    ).getRowsJS();
    tables.set(name, {
      name,
      columns: rows.map(([column, type]) => ({ name: text(column), type: readDuckdbType(text(type)) })),
    });
  }
});
afterAll(() => connection?.closeSync());

/** The statement with its placeholders filled in, and line ends that were lost when it was published. */
function prepared(file: string): string {
  const own = file.startsWith("activity")
    ? activity
    : file.startsWith("config") || /ssm-patch/i.test(file)
      ? config
      : management;
  return readFileSync(join(corpus, file), "utf8")
    .replace(/^--[^\n]*\n/, "")
    .replace(/\bFROM FROM\b/g, "FROM")
    .replace(/\b(from|join)\s+[0-9a-fx]{8,9}-[0-9a-fx]{4}-[0-9a-fx]{4}-[0-9a-fx]{4}-[0-9a-fx]{11,12}/gi, `$1 ${own}`)
    .replace(/cloudtrail_event_data_store_ID/g, management)
    .replace("$INTEGRATION_EDS_ID", activity)
    .replace(
      /\$EDS_ID|\$EDS|<[A-Za-z_ -]*>|\{\{[^}]*\}\}|\beds-ID\b|\b(?:config_)?event_data_store_ID\b|\beds\d\b/gi,
      own,
    )
    .replace(/'?\$\{date_filter\}'?/g, "'2024-01-01'")
    .replace("QUERY_TIME_RANGE_IN_DAYS.WEEKLY", "7")
    .replace("QUERY_TIME_RANGE_IN_DAYS.WEEKLY", "7")
    .replace("'WHERE", "' WHERE")
    .replace(/(errorMessage|eventName)ORDER BY/, "$1 ORDER BY")
    .replace("DESCLIMIT", "DESC LIMIT")
    .replace("< =", "<=");
}

test.skipIf(!present)("public Lake queries compile and run", async () => {
  const files = readdirSync(corpus).filter((file) => file.endsWith(".sql"));
  const failed: string[] = [];
  let ran = 0;
  for (const file of files) {
    let stage = "compile";
    try {
      const { sql } = compileQuery(prepared(file), { resolve: (id) => tables.get(id) });
      stage = "run";
      await connection.runAndReadAll(sql);
      ran++;
    } catch (error) {
      failed.push(`${file}: ${stage}: ${(error instanceof Error ? error.message : "").split("\n")[0]}`);
    }
  }
  console.log(`public Lake queries: ${ran} of ${files.length} compile and run`);
  for (const line of failed) console.log(`  ${line}`);
  expect(failed.filter((line) => !invalid.test(line.split(":")[0] ?? ""))).toEqual([]);
  // The invalid ones are refused where they are wrong.
  expect(failed.filter((line) => !/: compile: line \d+:\d+: /.test(line))).toEqual([]);
  expect(failed).toHaveLength(files.filter((file) => invalid.test(file)).length);
});

test.runIf(!present)("public Lake queries: skipped, ../shared/sql/corpus is absent", () => {
  expect(present).toBe(false);
});
