import type { Check } from "../core/check.ts";
import { expects, shown, Unmet } from "../core/unmet.ts";
import { other } from "../policy/policy-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused } from "../wire/answer.ts";
import { type Place, start, written } from "./ask.ts";
import { queried } from "./query-world.ts";
import { comesToNothing } from "./vectors.ts";

/** An id that no store has. */
const nowhere = "00000000-0000-4000-8000-00000000dead";

/** Throws `Unmet` unless StartQuery refuses the statement, with this name where one is given. */
async function isRefused(
  place: Place,
  statement: string,
  code?: string | readonly string[],
  status?: number,
): Promise<Answer> {
  const text = written(statement, place);
  const answer = await start(place.world, { QueryStatement: text });
  if (answer.status === 200)
    throw new Unmet(`${code?.toString() ?? "a refusal"} of ${text}`, `HTTP 200 ${answer.text}`);
  try {
    refused(answer, code, status);
  } catch (error) {
    if (error instanceof Unmet) throw new Unmet(`${error.expected}, of ${text}`, error.got);
    throw error;
  }
  return answer;
}

const invalid = "InvalidQueryStatementException";

/** Spec 2.7: statements that are refused. */
export const refusalChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/statement/select-alone",
    run: async (world) => {
      const place = await queried(world);
      for (const statement of [
        "INSERT INTO $STORE SELECT * FROM $STORE",
        "DELETE FROM $STORE",
        "UPDATE $STORE SET eventVersion = '2'",
        "DROP TABLE $STORE",
        "CREATE TABLE t AS SELECT * FROM $STORE",
        "CREATE VIEW v AS SELECT * FROM $STORE",
        "ALTER TABLE $STORE ADD COLUMN c varchar",
        "EXPLAIN SELECT eventID FROM $STORE",
        "SHOW TABLES",
        "SET SESSION query_max_run_time = '1m'",
        "CALL system.sync()",
        "COPY t TO 'file'",
        "PRAGMA database_list",
        "ATTACH 'file' AS f",
      ])
        await isRefused(place, statement, invalid, 400);
    },
  },
  {
    clause: "query/statement/one-at-a-time",
    run: async (world) => {
      const place = await queried(world);
      for (const more of [
        "; SELECT eventID FROM $STORE",
        "; DROP TABLE $STORE",
        ";;SELECT 1",
        "; -- \nDELETE FROM $STORE",
      ])
        await isRefused(place, `SELECT eventID FROM $STORE${more}`, invalid, 400);
    },
  },
  {
    clause: "query/statement/syntax-errors-refused",
    run: async (world) => {
      const place = await queried(world);
      for (const statement of [
        "S",
        "SELECT",
        "SELECT eventID",
        "SELECT eventID FROM",
        "SELECT eventID, FROM $STORE",
        "SELECT eventID FROM $STORE WHERE",
        "SELECT (eventID FROM $STORE",
        "SELECT eventID FROM $STORE WHERE eventID = 'open",
        "SELECT eventID FROM $STORE GROUP eventID",
        "SELECT eventID FROM $STORE LIMIT many",
        "SELECT count(* FROM $STORE",
      ])
        await isRefused(place, statement, invalid, 400);
    },
  },
  {
    clause: "query/statement/syntax-errors-have-a-place",
    run: async (world) => {
      const answer = await isRefused(await queried(world), "SELECT eventID,\n  , eventName\nFROM $STORE", invalid);
      expects(
        /line 2:3\b/.test(answer.message ?? ""),
        "a message that says line 2:3, where the second comma is",
        shown(answer.text),
      );
    },
  },
  {
    clause: "query/statement/what-is-unknown-refused",
    run: async (world) => {
      const place = await queried(world);
      for (const expression of [
        "no_such_function(eventID)",
        "noSuchColumn",
        "eventData.noSuchMember",
        "e.eventID",
        "CAST(eventID AS nosuchtype)",
      ])
        await comesToNothing(place, expression, `SELECT ${expression} AS v FROM $STORE WHERE $MINE`);
    },
  },
  {
    clause: "query/statement/what-is-unknown-is-named",
    run: async (world) => {
      const place = await queried(world);
      for (const name of ["no_such_function", "noSuchColumn"]) {
        const answer = await isRefused(
          place,
          `SELECT ${name}${name.includes("_") ? "(eventID)" : ""} FROM $STORE WHERE $MINE`,
          invalid,
        );
        expects(
          answer.message?.toLowerCase().includes(name.toLowerCase()) === true,
          `a message that names ${name}`,
          answer.text,
        );
      }
    },
  },
  {
    clause: "query/statement/types-are-checked",
    run: async (world) => {
      const place = await queried(world);
      for (const expression of ["eventID + 1", "eventTime > 'last week'", "eventID = 5"])
        await comesToNothing(place, expression, `SELECT ${expression} AS v FROM $STORE WHERE $MINE`);
    },
  },
  {
    clause: "query/statement/stores-alone",
    run: async (world) => {
      const place = await queried(world);
      for (const table of [
        "'/etc/passwd'",
        '"/etc/passwd"',
        "read_text('/etc/passwd')",
        "read_csv('/etc/passwd')",
        "glob('/*')",
        "information_schema.tables",
        "system.runtime.nodes",
        "duckdb_settings()",
        "sqlite_master",
        "pg_catalog.pg_tables",
        "other_table",
        "TABLE(sequence(1, 5))",
      ])
        await comesToNothing(place, table, `SELECT * FROM ${table}`);
      for (const table of ["read_text('/etc/passwd')", "information_schema.tables"])
        await comesToNothing(place, table, `SELECT eventID FROM $STORE WHERE EXISTS (SELECT * FROM ${table})`);
    },
  },
  {
    clause: "query/statement/tells-nothing-of-its-engine",
    run: async (world) => {
      const place = await queried(world);
      for (const call of [
        "current_setting('threads')",
        "getenv('HOME')",
        "version()",
        "pg_read_file('/etc/passwd')",
        "query('SELECT 1')",
      ])
        await comesToNothing(place, call, `SELECT ${call} AS v FROM $STORE WHERE $MINE`);
    },
  },
  {
    clause: "query/statement/unknown-store-refused",
    run: async (world) => {
      await isRefused(await queried(world), `SELECT eventID FROM ${nowhere}`, "EventDataStoreNotFoundException", 404);
    },
  },
  {
    clause: "query/statement/every-store-is-looked-up",
    run: async (world) => {
      const place = await queried(world);
      for (const statement of [
        `SELECT a.eventID FROM $STORE a JOIN ${nowhere} b ON a.eventID = b.eventID`,
        `SELECT eventID FROM $STORE UNION ALL SELECT eventID FROM ${nowhere}`,
        `SELECT eventID FROM $STORE WHERE eventID IN (SELECT eventID FROM ${nowhere})`,
        `SELECT eventID FROM $STORE WHERE EXISTS (SELECT 1 FROM ${nowhere})`,
        `SELECT (SELECT count(*) FROM ${nowhere}) AS n FROM $STORE`,
        `WITH t AS (SELECT eventID FROM ${nowhere}) SELECT a.eventID FROM $STORE a, t`,
        `SELECT eventID FROM (SELECT * FROM ${nowhere}) t`,
      ])
        await isRefused(place, statement, "EventDataStoreNotFoundException", 404);
    },
  },
  {
    clause: "query/statement/store-of-another-account-refused",
    needs: ["other-account"],
    run: async (world) => {
      const place = await queried(world);
      const QueryStatement = written("SELECT eventID FROM $STORE", place);
      refused(await world.wire.call("StartQuery", { QueryStatement }, { as: other(world) }));
    },
  },
  {
    clause: "query/statement/existence-is-not-told",
    needs: ["other-account"],
    run: async (world) => {
      const place = await queried(world);
      const [there, missing] = [written("SELECT eventID FROM $STORE", place), `SELECT eventID FROM ${nowhere}`];
      const ask = (QueryStatement: string) => world.wire.call("StartQuery", { QueryStatement }, { as: other(world) });
      const [one, two] = [await ask(there), await ask(missing)];
      expects(
        one.status === two.status && one.code === two.code,
        `to another account, the same refusal for a store that is not there as for one that is: HTTP ${two.status} ${two.code}`,
        `HTTP ${one.status} ${one.code}`,
      );
    },
  },
];
