import { chmodSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";
import { activityColumns, duckdbType } from "@tributary/lake-sql";

const type = (name: string): string => duckdbType(activityColumns.find((column) => column.name === name)!.type);

/** Writes a read-only table file of `rows` synthetic events, one a second from `start` (ms), ids `PREFIX-n`. */
export async function writeActivityFile(
  file: string,
  options: { readonly rows: number; readonly start: number; readonly prefix?: string },
): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`COPY (SELECT '1.0' AS eventversion, 'ActivityAuditLog' AS eventcategory, 'ActivityLog' AS eventtype,
      '${options.prefix ?? "event"}-' || n AS eventid, to_timestamp(${options.start} / 1000 + n) AS eventtime, 'us-east-1' AS awsregion, '111122223333' AS recipientaccountid,
      CAST(NULL AS ${type("addendum")}) AS addendum,
      {'ingestiontime': '2024-01-01T00:00:00', 'channelarn': 'arn:aws:cloudtrail:us-east-1:111122223333:channel/c'} AS metadata,
      CAST({'version': '1', 'useridentity': {'type': 'User', 'principalid': 'user' || (n % 3), 'details': MAP {'n': CAST(n AS VARCHAR)}}, 'useragent': NULL,
        'eventsource': 'example.com', 'eventname': CASE WHEN n % 2 = 0 THEN 'Login' ELSE 'Logout' END, 'eventtime': strftime(to_timestamp(${options.start} / 1000 + n), '%Y-%m-%dT%H:%M:%SZ'),
        'uid': '${options.prefix ?? "event"}-' || n, 'requestparameters': MAP {'payload': '{"a":{"b":' || n || '}}'}, 'responseelements': NULL, 'errorcode': NULL, 'errormessage': NULL,
        'sourceipaddress': '192.0.2.1', 'recipientaccountid': '111122223333', 'additionaleventdata': NULL} AS ${type("eventdata")}) AS eventdata,
      '{}' AS eventdata_text
    FROM range(${options.rows}) r(n)) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`);
  connection.closeSync();
  instance.closeSync();
  chmodSync(file, 0o444);
}
