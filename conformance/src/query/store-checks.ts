import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import { createStore, type ServerWorld } from "../server/server-world.ts";
import { refused, succeeded } from "../wire/answer.ts";
import { ask, isListOfMembers, patiently, start, started, written } from "./ask.ts";
import { sameRows } from "./cells.ts";
import { queried } from "./query-world.ts";

const needs = ["control-plane"] as const;

const seconds = new WeakMap<ServerWorld, Promise<string>>();

async function made({ wire, prefix }: ServerWorld): Promise<string> {
  return String((await createStore(wire, `${prefix}-second`, 7))["EventDataStoreArn"]);
}

/** A second store, without events: one for all checks of a run. */
async function second(world: ServerWorld): Promise<{ readonly arn: string; readonly id: string }> {
  const known = seconds.get(world) ?? made(world);
  seconds.set(world, known);
  const arn = await known;
  return { arn, id: arn.slice(arn.lastIndexOf("/") + 1) };
}

/** Two stores in one statement, and a store that is deleted. The last one deletes the second store: it stands at the end. */
export const storeChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/store/each-has-its-own-events",
    needs,
    run: async (world) => {
      const place = await queried(world);
      const { id } = await second(world);
      sameRows(await ask(place, `SELECT count(*) AS n FROM ${id}`), [["0"]]);
      sameRows(
        await ask(
          place,
          `SELECT count(*) AS n, count(b.eventID) AS m FROM $STORE a LEFT JOIN ${id} b ON a.eventID = b.eventID WHERE $MINE(a)`,
        ),
        [["40", "0"]],
      );
      sameRows(
        await ask(
          place,
          `SELECT count(*) AS n FROM (SELECT eventID FROM $STORE WHERE $MINE UNION ALL SELECT eventID FROM ${id}) t`,
        ),
        [["40"]],
      );
    },
  },
  {
    clause: "query/store/lists-its-own-queries",
    needs,
    run: async (world) => {
      const place = await queried(world);
      const { id, arn } = await second(world);
      const [own, others] = [
        await ask(place, `SELECT eventID FROM ${id}`),
        await ask(place, "SELECT eventID FROM $STORE WHERE $MINE"),
      ];
      const answer = await patiently(world, "ListQueries", { EventDataStore: arn, MaxResults: 1000 });
      const { Queries: list } = succeeded(answer);
      const ids = isListOfMembers(list) ? list.map(({ QueryId }) => QueryId) : [];
      expects(
        ids.includes(own.queryId) && !ids.includes(others.queryId),
        `among the queries of ${id} ${own.queryId}, and not ${others.queryId} of another store`,
        answer.text,
      );
    },
  },
  {
    clause: "query/store/deleted-is-inactive",
    needs,
    run: async (world) => {
      const place = await queried(world);
      const { id, arn } = await second(world);
      const QueryId = await started(place, `SELECT eventID FROM ${id}`);
      await ask(place, `SELECT eventID FROM ${id}`);
      succeeded(await patiently(world, "DeleteEventDataStore", { EventDataStore: arn }));
      const inactive = "InactiveEventDataStoreException";
      refused(await start(world, { QueryStatement: written(`SELECT eventID FROM ${id}`, place) }), inactive, 400);
      refused(await patiently(world, "DescribeQuery", { QueryId }), inactive, 400);
      refused(await patiently(world, "GetQueryResults", { QueryId }), inactive, 400);
      refused(await patiently(world, "CancelQuery", { QueryId }), inactive, 400);
      refused(await patiently(world, "ListQueries", { EventDataStore: arn }), inactive, 400);
    },
  },
];
