import type { DuckDBConnection } from "@duckdb/node-api";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileQuery, LakeSqlError, maxStatementLength, supportedFunctions } from "../src/index.ts";
import { answerOf, compile, granted, openActivityStores, other, store } from "./duckdb.ts";
import { statementVectors } from "./statement-vectors.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await openActivityStores();
});
afterAll(() => connection.closeSync());

function refusal(statement: string): LakeSqlError {
  try {
    const { sql } = compile(statement);
    throw new Error(`compiled: ${sql}`);
  } catch (error) {
    if (!(error instanceof LakeSqlError)) throw error;
    return error;
  }
}

test.each([
  "SELECT * FROM glob('/etc/*')",
  "SELECT * FROM read_text('/etc/passwd')",
  "SELECT * FROM read_parquet('x.parquet')",
  "SELECT * FROM query('SELECT 1')",
  "SELECT * FROM query_table('x')",
  "SELECT * FROM duckdb_settings()",
  "SELECT * FROM TABLE(duckdb_settings())",
  "SELECT * FROM '/etc/passwd'",
  'SELECT * FROM "/etc/passwd"',
  'SELECT * FROM "x.parquet"',
  "SELECT * FROM sqlite_master",
  "SELECT * FROM information_schema.tables",
  'SELECT * FROM "information_schema"."tables"',
  `SELECT * FROM memory.main."${store}"`,
  `SELECT * INTO x FROM ${store}`,
  "SELECT read_text('/etc/passwd')",
  "SELECT getenv('HOME')",
  "SELECT current_setting('threads')",
  "SELECT json_structure('[]')",
  "SELECT levenshtein('a', 'b')",
  "SELECT json_serialize_sql('SELECT 1')",
  "SELECT nextval('x')",
  "SELECT error('x')",
  `SELECT 1; SELECT 2`,
  `SELECT 1; DROP TABLE "${store}"`,
  "ATTACH 'x.db'",
  "COPY (SELECT 1) TO 'x'",
  `COPY "${store}" TO 'x'`,
  "PRAGMA database_list",
  "CALL pragma_version()",
  "CALL enable_logging('QueryLog')",
  "INSTALL httpfs",
  "LOAD httpfs",
  "SET threads = 1",
  "RESET threads",
  "CREATE MACRO lower(x) AS 'mine'",
  `CREATE TABLE x AS SELECT * FROM ${store}`,
  `INSERT INTO x SELECT * FROM ${store}`,
  `DELETE FROM ${store}`,
  `UPDATE ${store} SET eventid = 'x'`,
  `EXPLAIN ANALYZE SELECT * FROM ${store}`,
  `DESCRIBE ${store}`,
  "SHOW TABLES",
  "EXECUTE x",
  "WITH x AS (DELETE FROM y RETURNING *) SELECT * FROM x",
  `FROM ${store}`,
  `SELECT * FROM ${store} TABLESAMPLE SYSTEM (10)`,
  `SELECT * FROM ${store} TABLESAMPLE BERNOULLI (101)`,
  `SELECT * FROM ${store} TABLESAMPLE BERNOULLI (10 + 10)`,
  "SELECT $1",
  "SELECT ?",
  "SELECT 'a' 'b' FROM",
  "SELECT 1 /* not closed",
  "SELECT 'not closed",
  "SELECT lower(DISTINCT 'a')",
  "SELECT row_number()",
  "SELECT lower('a', 'b')",
  "SELECT 'a' = 1",
  `SELECT nothing FROM ${store}`,
  `SELECT eventData.nothing FROM ${store}`,
  `SELECT eventTime FROM ${store} a JOIN ${other} b ON true`,
  `SELECT * FROM ${store} WHERE eventTime > 'yesterday'`,
  "SELECT x -> x",
  `SELECT eventid, count(*) FROM ${store}`,
  `SELECT * FROM ${store} GROUP BY eventid`,
  `SELECT lower(eventid) FROM ${store} GROUP BY eventTime`,
  `SELECT count(*) FROM ${store} HAVING eventid = 'x'`,
  `SELECT eventid FROM ${store} WHERE count(*) > 1`,
  "",
  " ",
  "-- nothing",
])("%s is refused as INVALID_QUERY_STATEMENT", (statement) => {
  expect(refusal(statement).code).toBe("INVALID_QUERY_STATEMENT");
});

const unknown = "99999999-9999-4999-8999-999999999999";
test.each([
  `SELECT * FROM ${unknown}`,
  `SELECT * FROM ${store} JOIN ${unknown} x ON true`,
  `SELECT * FROM ${store} WHERE eventid IN (SELECT eventid FROM ${unknown})`,
  `SELECT (SELECT count(*) FROM ${unknown})`,
  `WITH x AS (SELECT 1 FROM ${unknown}) SELECT 1`,
  `WITH RECURSIVE x(n) AS (SELECT 1 FROM ${unknown} UNION ALL SELECT n + 1 FROM x WHERE n < 3) SELECT 1`,
  `WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x, ${unknown} WHERE n < 3) SELECT 1`,
  `SELECT * FROM ${unknown} TABLESAMPLE BERNOULLI (10)`,
  `SELECT eventid FROM ${store} ORDER BY (SELECT count(*) FROM ${unknown}) FETCH FIRST 1 ROW WITH TIES`,
  `SELECT 1 UNION SELECT 1 FROM ${unknown}`,
  `SELECT * FROM ${store}, LATERAL (SELECT 1 FROM ${unknown})`,
  `SELECT * FROM (${store} a CROSS JOIN "${unknown.toUpperCase()}" b)`,
  `SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM ${unknown})) FROM ${store} ORDER BY 1`,
])("%s names a store that is not granted", (statement) => {
  expect(refusal(statement)).toMatchObject({ code: "EVENT_DATA_STORE_NOT_FOUND", storeId: unknown });
});

test("an unknown function is refused by its name and place", () => {
  expect(refusal("SELECT 1,\n  read_text('x')")).toMatchObject({
    line: 2,
    column: 3,
    message: "line 2:3: function 'read_text' is not supported",
  });
});

test("a WITH name cannot reach a table of the engine", () => {
  const { sql } = compile(`WITH sqlite_master AS (SELECT 1 AS a) SELECT a FROM sqlite_master`);
  expect(sql).not.toContain("sqlite_master");
});

const padded = (length: number): string => `SELECT '${"x".repeat(length - 9)}'`;

test("a statement has 1 to 10000 characters", () => {
  expect(compile(padded(maxStatementLength)).columns).toHaveLength(1);
  expect(refusal(padded(maxStatementLength + 1)).code).toBe("INVALID_QUERY_STATEMENT");
  expect(compile(`SELECT '${"😀".repeat(9991)}'`).columns).toHaveLength(1);
});

const nested = (open: string, inner: string, close: string, depth: number): string =>
  open.repeat(depth) + inner + close.repeat(depth);

const reductions = (levels: number): string =>
  Array.from({ length: levels }, (_, n) => n).reduce(
    (inner, n) => `reduce(ARRAY['a'], 0, (s${n}, x${n}) -> s${n} + DOUBLE '1.5' + ${inner}, z${n} -> z${n})`,
    "1",
  );

test("what doubles with each level that it is nested is refused, and not worked at", async () => {
  expect(await answerOf(connection, `SELECT ${reductions(3)}`)).toBe("5.5");
  expect(() => compile(`SELECT ${reductions(30)}`)).toThrow(/line 1:\d+: the statement is too complex/);
});

test("31 nested parentheses run, one more is refused", async () => {
  const { sql } = compile(`SELECT ${nested("(", "1", ")", 31)}`);
  expect((await connection.runAndReadAll(sql)).getRowsJson()).toEqual([[1]]);
  expect(refusal(`SELECT ${nested("(", "1", ")", 32)}`).code).toBe("INVALID_QUERY_STATEMENT");
});

test.each([
  ["parentheses", `SELECT ${nested("(", "1", ")", 4000)}`],
  ["sub-queries", nested("SELECT * FROM (", "SELECT 1", ")", 500)],
  ["scalar sub-queries", `SELECT ${nested("(SELECT ", "1", ")", 900)}`],
  ["NOT", `SELECT ${"NOT ".repeat(2400)}true`],
  ["minus", `SELECT ${"- ".repeat(4900)}1`],
  ["subscripts", `SELECT ${nested("a[", "1", "]", 3000)}`],
  ["arrays", `SELECT ${nested("ARRAY[", "1", "]", 1400)}`],
  ["CASE", `SELECT ${nested("CASE WHEN true THEN ", "1", " END", 400)}`],
  ["lambdas", `SELECT ${"x -> ".repeat(1900)}1`],
  ["types", `SELECT CAST(NULL AS ${nested("ARRAY<", "BIGINT", ">", 1400)})`],
  ["sums", `SELECT 1${"+1".repeat(4900)}`],
  ["fields", `SELECT a${".a".repeat(4900)}`],
  ["unions", `SELECT 1${" UNION SELECT 1".repeat(600)}`],
  ["joins", `WITH a AS (SELECT 1) SELECT 1 FROM a${",a".repeat(4000)}`],
  ["substring", `SELECT ${nested("substring(", "'a'", ", 1)", 900)}`],
  ["parentheses in FROM", `SELECT * FROM ${nested("(", "SELECT 1", ")", 4000)}`],
  ["columns, doubled again and again", `SELECT * FROM ${nested("(SELECT *, * FROM ", "(SELECT 1, 2)", ")", 25)}`],
  ["templates, tripled again and again", `SELECT ${nested("json_extract_scalar(", "'{}'", ", '$.a')", 28)}`],
])("%s without end are refused, and fast", (_, statement) => {
  const began = process.cpuUsage();
  expect(refusal(statement).code).toBe("INVALID_QUERY_STATEMENT");
  const { user, system } = process.cpuUsage(began);
  expect((user + system) / 1000).toBeLessThan(2000);
});

test("long lists and conditions still run", async () => {
  const terms = Array.from({ length: 300 }, (_, n) => `eventid = '${n}'`).join(" OR ");
  expect(
    (await connection.runAndReadAll(compile(`SELECT count(*) FROM ${store} WHERE ${terms}`).sql)).getRowsJson(),
  ).toEqual([["0"]]);
});

const words = fc.constantFrom(
  "SELECT",
  "FROM",
  "WHERE",
  "GROUP BY",
  "ORDER BY",
  "UNION",
  "ALL",
  "WITH",
  "AS",
  "JOIN",
  "ON",
  "USING",
  "UNNEST",
  "CROSS",
  "LATERAL",
  "VALUES",
  "IN",
  "NOT",
  "NULL",
  "CASE",
  "WHEN",
  "THEN",
  "END",
  "CAST",
  "(",
  ")",
  ",",
  ".",
  "*",
  "=",
  "->",
  "[",
  "]",
  ";",
  "+",
  "||",
  "'a'",
  '"b"',
  "1",
  "1e5",
  "eventTime",
  "eventData",
  "a",
  "t",
  "count",
  "lower",
  "element_at",
  "read_text",
  "INTERVAL",
  "DATE",
  "'2024-01-01'",
  "OVER",
  "FILTER",
  "EXISTS",
  "BETWEEN",
  "AND",
  "LIKE",
  "--",
  "/*",
  "*/",
  "ARRAY",
  "ROW",
  "ROLLUP",
  "sqlite_master",
  "'/etc/passwd'",
  "read_csv",
  store,
  unknown,
  "\n",
);

test("whatever is written, a statement compiles or is refused; what it names but generated names is granted", () => {
  let compiled = 0;
  const check = (statement: string): void => {
    try {
      const { sql, storeIds } = compileQuery(statement, { resolve: (id) => granted.get(id) });
      const bare = sql.replace(/'(?:[^']|'')*'/g, "''");
      const names = [...bare.matchAll(/"((?:[^"]|"")*)"/g)].map((match) => match[1] ?? "");
      const columns = new Set([...granted.values()].flatMap((table) => table.columns.map((column) => column.name)));
      for (const name of names)
        expect(/^[a-z]\d+$|^(?:item|index|kv|field\d+)$/.test(name) || granted.has(name) || columns.has(name)).toBe(
          true,
        );
      compiled++;
      for (const id of storeIds) expect(granted.has(id)).toBe(true);
      // What is neither quoted nor a string is words of the emitter.
      expect(bare).not.toMatch(/;|--|\/\*|read_text|read_csv|sqlite_master/);
    } catch (error) {
      // Anything but a refusal, a failed expectation included, ends the property.
      if (!(error instanceof LakeSqlError)) throw error;
    }
  };
  fc.assert(
    fc.property(fc.array(words, { maxLength: 30 }), (list) => check(list.join(" "))),
    { numRuns: 3000 },
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 20 }), (list) => check(`SELECT ${list.join(" ")}`)),
    { numRuns: 3000 },
  );
  // Good statements with words put in, taken out or replaced.
  const statements = statementVectors.map((vector) => vector.statement.split(/(?<=[\s(),.])|(?=[\s(),.])/));
  const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 2 }), put: fc.array(words, { maxLength: 2 }) });
  fc.assert(
    fc.property(fc.constantFrom(...statements), fc.array(edit, { minLength: 1, maxLength: 3 }), (statement, edits) => {
      const changed = [...statement];
      for (const { at, remove, put } of edits) changed.splice(at % (changed.length + 1), remove, ...put);
      check(changed.join(""));
    }),
    { numRuns: 5000 },
  );
  expect(compiled, "statements that compiled").toBeGreaterThan(200);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => check(`SELECT ${text} FROM ${store}`)),
    { numRuns: 1000 },
  );
});

test("the published list has no function that reads, writes or tells of the host", () => {
  for (const name of supportedFunctions)
    expect(name).not.toMatch(
      /^(read_|glob|query|duckdb_|pragma_|getenv|current_setting|getvariable|nextval|sniff|parquet_|which_|error|write_log)/,
    );
});
