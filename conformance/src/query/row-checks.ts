import type { Check } from "../core/check.ts";
import { isMembers } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { ask, type Place } from "./ask.ts";
import { sameRows } from "./cells.ts";
import { queried } from "./query-world.ts";

/** The rows of a statement as they came. */
async function rawRows(place: Place, statement: string): Promise<readonly unknown[]> {
  const { pages } = await ask(place, statement);
  return pages.flatMap(({ QueryResultRows: rows }): readonly unknown[] => (Array.isArray(rows) ? rows : [rows]));
}

/** Throws `Unmet` unless the columns of a statement that has rows are called so. */
async function isCalled(place: Place, columns: string, names: readonly string[], exactly: boolean): Promise<void> {
  const { rows, statement } = await ask(place, `SELECT ${columns} FROM $STORE WHERE $MINE LIMIT 1`);
  const got = (rows[0] ?? []).map(({ name }) => name);
  const same = (name: string): string => (exactly ? name : name.toLowerCase());
  expects(
    got.length === names.length && got.every((name, at) => same(name) === same(names[at]!)),
    `columns ${names.join(", ")} ${exactly ? "" : "(in any case) "}of ${statement}`,
    got.join(", "),
  );
}

const one = "FROM $STORE WHERE $MINE AND eventData.UID = 'uid-03'";
/** Of every type that a row prints. */
const typed = `SELECT eventID, count(*) AS n, max(eventTime) AS t, true AS b, avg(1.5e0) AS d, max(eventData.errorCode) AS e ${one} GROUP BY eventID`;

/** Spec 2.7: what GetQueryResults calls a row. */
export const rowChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/row/list-of-objects-of-one-member",
    run: async (world) => {
      const rows = await rawRows(await queried(world), typed);
      expects(rows.length > 0, "rows", rows);
      for (const row of rows)
        expects(
          Array.isArray(row) &&
            row.length === 6 &&
            row.every((column) => isMembers(column) && Object.keys(column).length === 1),
          "a row that is a list of 6 objects, one a column, each of one member",
          row,
        );
    },
  },
  {
    clause: "query/row/values-are-strings",
    run: async (world) => {
      const rows = await rawRows(await queried(world), typed);
      for (const value of rows
        .flatMap((row) => (Array.isArray(row) ? row : [row]))
        .flatMap((column) => (isMembers(column) ? Object.values(column) : [column])))
        expects(typeof value === "string", "values that are JSON strings, numbers and booleans too", rows[0]);
    },
  },
  {
    clause: "query/row/columns-in-the-order-of-select",
    run: async (world) => {
      const place = await queried(world);
      await isCalled(
        place,
        "eventVersion, awsRegion, eventID, eventCategory",
        ["eventVersion", "awsRegion", "eventID", "eventCategory"],
        false,
      );
      sameRows(await ask(place, `SELECT 'z' AS z, 'a' AS a, 'm' AS m ${one}`), [["z", "a", "m"]]);
    },
  },
  {
    clause: "query/row/named-by-its-alias",
    run: async (world) => {
      const place = await queried(world);
      await isCalled(
        place,
        "eventID AS first, eventData.eventName second, 1 AS third",
        ["first", "second", "third"],
        false,
      );
    },
  },
  {
    clause: "query/row/named-by-the-last-part",
    run: async (world) => {
      const place = await queried(world);
      await isCalled(
        place,
        "eventID, eventData.eventName, eventData.userIdentity.principalId, metadata.channelArn",
        ["eventID", "eventName", "principalId", "channelArn"],
        false,
      );
    },
  },
  {
    clause: "query/row/unnamed-by-its-place",
    run: async (world) => {
      const place = await queried(world);
      await isCalled(
        place,
        "upper(eventID), eventID, 1, lower('A') AS low, element_at(eventData.requestParameters, 'target')",
        ["_col0", "eventID", "_col2", "low", "_col4"],
        false,
      );
    },
  },
  {
    clause: "query/row/names-as-written",
    run: async (world) => {
      const place = await queried(world);
      await isCalled(
        place,
        "EVENTID, eventData.USERidentity.principalID, 1 AS CamelCase",
        ["EVENTID", "principalID", "CamelCase"],
        true,
      );
    },
  },
  {
    clause: "query/row/the-same-name-twice",
    run: async (world) => {
      const place = await queried(world);
      await isCalled(
        place,
        "eventID, eventID, eventData.eventName AS eventID",
        ["eventID", "eventID", "eventID"],
        false,
      );
      sameRows(await ask(place, `SELECT 'a' AS x, 'b' AS x ${one}`), [["a", "b"]]);
    },
  },
  {
    clause: "query/row/null-is-an-empty-string",
    run: async (world) => {
      const rows = await rawRows(
        await queried(world),
        `SELECT 'a' AS first, eventData.userAgent, 'b' AS last FROM $STORE WHERE $MINE AND eventData.UID = 'uid-04'`,
      );
      const [row] = rows;
      expects(
        Array.isArray(row) && row.length === 3 && isMembers(row[1]) && Object.values(row[1])[0] === "",
        'a row of 3 columns whose second, userAgent, is "", for it is NULL',
        row,
      );
    },
  },
  {
    clause: "query/row/timestamps",
    run: async (world) => {
      const place = await queried(world);
      const outcome = await ask(
        place,
        `SELECT eventTime, TIMESTAMP '2023-01-22 16:53:53' AS t, TIMESTAMP '2023-01-22 16:53:53.250' AS u ${one}`,
      );
      const time = new Date(place.samples[3]!.ms).toISOString().replace("T", " ").slice(0, -1);
      sameRows(outcome, [[time, "2023-01-22 16:53:53.000", "2023-01-22 16:53:53.250"]]);
    },
  },
  {
    clause: "query/row/numbers-and-booleans",
    run: async (world) => {
      const place = await queried(world);
      sameRows(
        await ask(
          place,
          `SELECT 42 AS i, -7 AS m, 9223372036854775807 AS b, 1.5e0 AS d, true AS t, false AS f, 1 = 1 AS c ${one}`,
        ),
        [["42", "-7", "9223372036854775807", "1.5", "true", "false", "true"]],
      );
    },
  },
  {
    clause: "query/row/nested-as-json",
    run: async (world) => {
      const place = await queried(world);
      sameRows(
        await ask(
          place,
          `SELECT ARRAY['a', 'b'] AS a, split('x,y', ',') AS s, map_filter(eventData.requestParameters, (k, v) -> k = 'target') AS m ${one}`,
        ),
        [['["a","b"]', '["x","y"]', '{"target":"app-0"}']],
      );
    },
  },
  {
    clause: "query/row/no-rows",
    run: async (world) => {
      const { pages, statement } = await ask(
        await queried(world),
        "SELECT eventID FROM $STORE WHERE $MINE AND eventData.UID = 'none'",
      );
      const [page] = pages;
      expects(
        Array.isArray(page?.["QueryResultRows"]) &&
          page["QueryResultRows"].length === 0 &&
          page["NextToken"] === undefined,
        `FINISHED with an empty list of QueryResultRows and no NextToken, of ${statement}`,
        page,
      );
    },
  },
];
