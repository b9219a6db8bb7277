import { DuckDBInstance, type DuckDBConnection } from "@duckdb/node-api";
import { valueText } from "../../../apps/lake/src/engine/value-text.ts";
import { activityColumns, compileQuery, duckdbType, type CompiledQuery, type TableRef } from "../src/index.ts";

export const store = "11111111-1111-4111-8111-111111111111";
export const other = "22222222-2222-4222-8222-222222222222";
export const granted = new Map<string, TableRef>(
  [store, other].map((name) => [name, { name, columns: activityColumns }]),
);

export const compile = (statement: string): CompiledQuery =>
  compileQuery(statement, { resolve: (id) => granted.get(id) });

const columnType = (name: string): string => duckdbType(activityColumns.find((column) => column.name === name)!.type);

/** An engine with two synthetic activity stores: five events in the first, two in the second. */
export async function openActivityStores(): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const [id, rows] of [
    [store, 5],
    [other, 2],
  ] as const) {
    await connection.run(`CREATE TABLE "${id}" AS SELECT '1.0' AS eventversion, 'ActivityAuditLog' AS eventcategory, 'ActivityLog' AS eventtype,
      '${id.slice(0, 1)}-' || n AS eventid, TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_hours(n) AS eventtime, 'us-east-1' AS awsregion, '111122223333' AS recipientaccountid,
      CAST(NULL AS ${columnType("addendum")}) AS addendum, {'ingestiontime': '2024-01-02T00:00:00', 'channelarn': 'arn:aws:cloudtrail:us-east-1:111122223333:channel/c'} AS metadata,
      CAST({'version': '1', 'useridentity': {'type': 'User', 'principalid': 'user' || (n % 2), 'details': MAP {'team': 'blue'}}, 'useragent': NULL, 'eventsource': 'example.com',
        'eventname': CASE WHEN n % 2 = 0 THEN 'Login' ELSE 'Logout' END, 'eventtime': strftime(TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_hours(n), '%Y-%m-%dT%H:%M:%SZ'), 'uid': 'u' || n,
        'requestparameters': MAP {'payload': '{"a":{"b":' || n || '},"list":["x","y"]}'}, 'responseelements': NULL, 'errorcode': CASE WHEN n = 3 THEN 'AccessDenied' END,
        'errormessage': CASE WHEN n = 3 THEN 'no' END, 'sourceipaddress': '192.0.2.' || n, 'recipientaccountid': '111122223333', 'additionaleventdata': NULL} AS ${columnType("eventdata")}) AS eventdata,
      '{"n":' || n || '}' AS eventdata_text, DATE '2024-01-01' AS eventday FROM range(${rows}) r(n)`);
  }
  return connection;
}

/** The rows of emitted SQL as a query result prints them. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<(string | null)[][]> {
  const reader = await connection.runAndReadAll(sql);
  const types = reader.columnTypes();
  return reader.getRows().map((row) => row.map((value, index) => valueText(value, types[index]!)));
}

/** A statement's only value, or its row or rows as JSON. */
export async function answerOf(connection: DuckDBConnection, statement: string): Promise<string | null> {
  const rows = await rowsOf(connection, compile(statement).sql);
  const [row] = rows;
  if (rows.length !== 1 || row === undefined) return JSON.stringify(rows);
  return row.length === 1 ? row[0]! : JSON.stringify(row);
}
