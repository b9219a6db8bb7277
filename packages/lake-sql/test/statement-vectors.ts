import { other, store } from "./duckdb.ts";

export interface StatementVector {
  readonly name: string;
  readonly statement: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const s = store;
const o = other;

/** Statements over the stores of duckdb.ts. */
export const statementVectors: readonly StatementVector[] = [
  {
    name: "names are the last identifier as written",
    statement: `SELECT eventData.userIdentity.principalId, EventID, count(*), 1 AS One FROM ${s} WHERE eventid = '1-0' GROUP BY eventData.userIdentity.principalId, eventId`,
    columns: ["principalId", "EventID", "_col2", "One"],
    rows: [["user0", "1-0", "1", "1"]],
  },
  {
    name: "eventTime against a string",
    statement: `SELECT eventid FROM ${s} WHERE eventTime > '2024-01-01 02:00:00.000' ORDER BY eventid`,
    columns: ["eventid"],
    rows: [["1-3"], ["1-4"]],
  },
  {
    name: "eventTime against a date alone and ISO 8601",
    statement: `SELECT count(*) FROM ${s} WHERE eventTime >= '2024-01-01' AND '2024-01-01T03:00:00Z' > eventTime`,
    columns: ["_col0"],
    rows: [["3"]],
  },
  {
    name: "eventData.eventTime, a string, against a timestamp",
    statement: `SELECT count(*) FROM ${s} WHERE eventData.eventTime > timestamp '2024-01-01 02:00:00'`,
    columns: ["_col0"],
    rows: [["2"]],
  },
  {
    name: "times print without zone",
    statement: `SELECT max(eventTime), cast(min(eventTime) AS varchar) FROM ${s}`,
    columns: ["_col0", "_col1"],
    rows: [["2024-01-01 04:00:00.000", "2024-01-01 00:00:00.000"]],
  },
  {
    name: "IN and BETWEEN over times",
    statement: `SELECT count(*) FROM ${s} WHERE eventTime IN ('2024-01-01', '2024-01-01 01:00:00') OR eventTime BETWEEN '2024-01-01 04:00:00' AND '2024-01-02'`,
    columns: ["_col0"],
    rows: [["3"]],
  },
  {
    name: "nested values are JSON text",
    statement: `SELECT json_extract_scalar(element_at(eventData.requestParameters, 'payload'), '$.a.b') AS b FROM ${s} WHERE eventData.uid = 'u2'`,
    columns: ["b"],
    rows: [["2"]],
  },
  {
    name: "both spellings of the error message",
    statement: `SELECT eventData.errorMessage, eventData.errorMssage FROM ${s} WHERE eventData.errorCode IS NOT NULL`,
    columns: ["errorMessage", "errorMssage"],
    rows: [["no", "no"]],
  },
  {
    name: "ORDER BY an alias that is also a column",
    statement: `SELECT eventData.eventName AS eventTime FROM ${s} WHERE eventTime < '2024-01-01 02:00:00' ORDER BY eventTime DESC`,
    columns: ["eventTime"],
    rows: [["Logout"], ["Login"]],
  },
  {
    name: "GROUP BY position, HAVING, ORDER BY alias",
    statement: `SELECT eventData.eventName AS name, count(*) AS n FROM ${s} GROUP BY 1 HAVING count(*) > 1 ORDER BY n DESC`,
    columns: ["name", "n"],
    rows: [
      ["Login", "3"],
      ["Logout", "2"],
    ],
  },
  {
    name: "grouped expressions with fields, lambdas and functions of them",
    statement: `SELECT filter(ARRAY[1, 2], x -> x > length(eventData.eventName) - 5) AS f, upper(a.eventData.eventName), max(eventid) FROM ${s} a GROUP BY filter(ARRAY[1, 2], X -> x > length(eventData.eventName) - 5), eventData.eventName ORDER BY upper(eventData.eventName)`,
    columns: ["f", "_col1", "_col2"],
    rows: [
      ["[1,2]", "LOGIN", "1-4"],
      ["[2]", "LOGOUT", "1-3"],
    ],
  },
  {
    name: "a correlated column is no column of the grouped query",
    statement: `SELECT eventid, (SELECT count(*) + length(a.eventid) - 3 FROM ${o} b WHERE b.eventData.uid = a.eventData.uid) AS n FROM ${s} a WHERE eventid IN ('1-0', '1-4') ORDER BY 1`,
    columns: ["eventid", "n"],
    rows: [
      ["1-0", "1"],
      ["1-4", "0"],
    ],
  },
  {
    name: "NULLs come last in either direction",
    statement: `SELECT eventData.errorCode FROM ${s} ORDER BY eventData.errorCode DESC LIMIT 2`,
    columns: ["errorCode"],
    rows: [["AccessDenied"], [null]],
  },
  {
    name: "UNION ALL across stores",
    statement: `SELECT count(*) AS n FROM ${s} UNION ALL SELECT count(*) FROM ${o} ORDER BY n`,
    columns: ["n"],
    rows: [["2"], ["5"]],
  },
  {
    name: "EXCEPT and INTERSECT",
    statement: `(SELECT eventData.uid FROM ${s} INTERSECT SELECT eventData.uid FROM ${o}) EXCEPT SELECT 'u1'`,
    columns: ["uid"],
    rows: [["u0"]],
  },
  {
    name: "JOIN across stores with aliases",
    statement: `SELECT a.eventid, b.eventid FROM ${s} AS a LEFT JOIN ${o} b ON a.eventData.uid = b.eventData.uid WHERE a.eventData.uid IN ('u1', 'u4') ORDER BY 1`,
    columns: ["eventid", "eventid"],
    rows: [
      ["1-1", "2-1"],
      ["1-4", null],
    ],
  },
  {
    name: "JOIN USING",
    statement: `SELECT uid, x, y FROM (SELECT eventData.uid, 1 AS x FROM ${s}) JOIN (SELECT eventData.uid, 2 AS y FROM ${o}) USING (uid) ORDER BY uid`,
    columns: ["uid", "x", "y"],
    rows: [
      ["u0", "1", "2"],
      ["u1", "1", "2"],
    ],
  },
  {
    name: "WITH, used twice",
    statement: `WITH logins AS (SELECT eventData.uid AS uid FROM ${s} WHERE eventData.eventName = 'Login') SELECT (SELECT count(*) FROM logins), uid FROM logins ORDER BY uid DESC LIMIT 1`,
    columns: ["_col0", "uid"],
    rows: [["3", "u4"]],
  },
  {
    name: "a correlated sub-query",
    statement: `SELECT a.eventid FROM ${s} a WHERE EXISTS (SELECT 1 FROM ${o} b WHERE b.eventData.uid = a.eventData.uid) ORDER BY a.eventid`,
    columns: ["eventid"],
    rows: [["1-0"], ["1-1"]],
  },
  {
    name: "NOT IN a sub-query",
    statement: `SELECT eventid FROM ${s} WHERE eventData.uid NOT IN (SELECT eventData.uid FROM ${o}) AND eventTime < '2024-01-01 04:00:00' ORDER BY 1`,
    columns: ["eventid"],
    rows: [["1-2"], ["1-3"]],
  },
  {
    name: "CROSS JOIN UNNEST of an array",
    statement: `SELECT eventid, item FROM ${s} CROSS JOIN UNNEST(cast(json_extract(element_at(eventData.requestParameters, 'payload'), '$.list') AS array(varchar))) AS t(item) WHERE eventid = '1-0' ORDER BY item`,
    columns: ["eventid", "item"],
    rows: [
      ["1-0", "x"],
      ["1-0", "y"],
    ],
  },
  {
    name: "UNNEST of a map, of rows, WITH ORDINALITY",
    statement: `SELECT k, v, n FROM ${o} CROSS JOIN UNNEST(eventData.userIdentity.details) WITH ORDINALITY AS t(k, v, n) WHERE eventid = '2-0'`,
    columns: ["k", "v", "n"],
    rows: [["team", "blue", "1"]],
  },
  {
    name: "UNNEST alone, arrays side by side",
    statement: "SELECT * FROM UNNEST(ARRAY[1, 2], ARRAY['a']) AS t(n, c) ORDER BY n",
    columns: ["n", "c"],
    rows: [
      ["1", "a"],
      ["2", null],
    ],
  },
  {
    name: "VALUES",
    statement: "SELECT b, a FROM (VALUES (1, 'x'), (2, 'y')) AS t (a, b) ORDER BY a DESC",
    columns: ["b", "a"],
    rows: [
      ["y", "2"],
      ["x", "1"],
    ],
  },
  {
    name: "window functions",
    statement: `SELECT eventid, row_number() OVER (PARTITION BY eventData.eventName ORDER BY eventTime DESC) AS n FROM ${s} ORDER BY n, eventid LIMIT 2`,
    columns: ["eventid", "n"],
    rows: [
      ["1-3", "1"],
      ["1-4", "1"],
    ],
  },
  {
    name: "FILTER, DISTINCT and max_by",
    statement: `SELECT count(*) FILTER (WHERE eventData.errorCode IS NULL), count(DISTINCT eventData.eventName), max_by(eventid, eventTime) FROM ${s}`,
    columns: ["_col0", "_col1", "_col2"],
    rows: [["4", "2", "1-4"]],
  },
  {
    name: "ROLLUP",
    statement: `SELECT eventData.eventName, count(*) AS n FROM ${s} GROUP BY ROLLUP (eventData.eventName) ORDER BY n`,
    columns: ["eventName", "n"],
    rows: [
      ["Logout", "2"],
      ["Login", "3"],
      [null, "5"],
    ],
  },
  {
    name: "DISTINCT with ORDER BY",
    statement: `SELECT DISTINCT eventData.eventName FROM ${s} ORDER BY eventData.eventName`,
    columns: ["eventName"],
    rows: [["Login"], ["Logout"]],
  },
  {
    name: "OFFSET and LIMIT",
    statement: `SELECT eventid FROM ${s} ORDER BY eventTime OFFSET 1 ROWS LIMIT 2`,
    columns: ["eventid"],
    rows: [["1-1"], ["1-2"]],
  },
  {
    name: "comments and strings keep what looks like a store id",
    statement: `/* FROM ${o} */ SELECT '${o}' AS id, eventid -- FROM ${o}\nFROM ${s} WHERE eventid = '1-0';`,
    columns: ["id", "eventid"],
    rows: [[other, "1-0"]],
  },
  {
    name: "a quoted store id, in upper case",
    statement: `SELECT count(*) FROM "${s.toUpperCase()}"`,
    columns: ["_col0"],
    rows: [["5"]],
  },
  {
    name: "hidden columns by name",
    statement: `SELECT eventdata_text, eventday FROM ${s} WHERE eventid = '1-1'`,
    columns: ["eventdata_text", "eventday"],
    rows: [['{"n":1}', "2024-01-01"]],
  },
  {
    name: "parentheses around queries and joins",
    statement: `SELECT count(*) FROM ((SELECT eventid FROM ${s}) UNION (SELECT eventid FROM ${o})) x, (${o} a CROSS JOIN ${o} b)`,
    columns: ["_col0"],
    rows: [["28"]],
  },
];
