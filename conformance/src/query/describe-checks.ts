import type { Check } from "../core/check.ts";
import { isMembers, type Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import { other } from "../policy/policy-world.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import { ask, ended, patiently, results, run, runOnce, started, written } from "./ask.ts";
import { queried } from "./query-world.ts";

/** An id that no query has. */
export const noQuery = "00000000-0000-4000-8000-00000000beef";
/** Texts that are no query's id: too short, too long, other characters. */
export const notIds = ["", "1", `${noQuery}0`, noQuery.toUpperCase(), noQuery.replace("beef", "geef")] as const;
export const statuses = ["QUEUED", "RUNNING", "FINISHED", "FAILED", "CANCELLED", "TIMED_OUT"] as const;

const simple = "SELECT eventID FROM $STORE WHERE $MINE";

const call = (world: ServerWorld, input: Members): Promise<Answer> => patiently(world, "DescribeQuery", input);

async function describe(world: ServerWorld, QueryId: string, more: Members = {}): Promise<Members> {
  return succeeded(await call(world, { QueryId, ...more }));
}

/** Spec 2.7 and A.21: DescribeQuery. */
export const describeChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/describe/query-or-alias-required",
    run: async (world) => {
      // There is one that could be taken for what is not named.
      await queried(world);
      refused(await call(world, {}));
    },
  },
  {
    clause: "query/describe/unknown-query",
    run: async (world) => refused(await call(world, { QueryId: noQuery }), "QueryIdNotFoundException", 404),
  },
  {
    clause: "query/describe/id-is-36-characters",
    run: async (world) => {
      await queried(world);
      for (const QueryId of notIds) {
        const answer = await call(world, { QueryId });
        expects(answer.status >= 400, `QueryId ${JSON.stringify(QueryId)} is refused`, answer.text);
        refused(answer);
      }
    },
  },
  {
    clause: "query/describe/statement-as-sent",
    run: async (world) => {
      const place = await queried(world);
      const odd = "SELECT\n  eventID , -- \u00E9 \u{1F600}\n\t'it''s'  AS \"x\"  FROM $STORE WHERE $MINE  ";
      const queryId = await started(place, odd);
      await ended(world, queryId, odd);
      const found = await describe(world, queryId);
      expects(
        found["QueryId"] === queryId && found["QueryString"] === written(odd, place),
        `QueryId ${queryId} and QueryString ${JSON.stringify(written(odd, place))}`,
        found,
      );
    },
  },
  {
    clause: "query/describe/status",
    run: async (world) => {
      const place = await queried(world);
      const queryId = await started(place, simple);
      const before = await describe(world, queryId);
      expects(
        statuses.some((one) => one === before["QueryStatus"]),
        `QueryStatus, one of ${statuses.join(", ")}`,
        before,
      );
      await ended(world, queryId, simple);
      const after = await describe(world, queryId);
      expects(
        after["QueryStatus"] === "FINISHED" && after["ErrorMessage"] === undefined,
        "FINISHED and no ErrorMessage after GetQueryResults said so",
        after,
      );
    },
  },
  {
    clause: "query/describe/statistics",
    run: async (world) => {
      const place = await queried(world);
      const { queryId } = await ask(
        place,
        "SELECT eventID FROM $STORE WHERE $MINE AND eventData.errorCode IS NOT NULL",
      );
      const matched = place.samples.filter(({ event }) => event.errorCode !== undefined).length;
      const { QueryStatistics: found } = await describe(world, queryId);
      const members: Members = isMembers(found) ? found : {};
      const number = (name: string): number => {
        const value = members[name];
        return typeof value === "number" && Number.isInteger(value) ? value : -1;
      };
      expects(
        number("EventsMatched") === matched,
        `EventsMatched ${matched}, the rows of a query that answers a row for each event it found`,
        found,
      );
      expects(
        number("EventsScanned") >= place.samples.length,
        `EventsScanned ${place.samples.length} or more: all of them had to be looked at`,
        found,
      );
      expects(number("BytesScanned") > 0, "BytesScanned above 0", found);
      expects(number("ExecutionTimeInMillis") >= 0, "ExecutionTimeInMillis, a whole number", found);
    },
  },
  {
    clause: "query/describe/creation-time",
    run: async (world) => {
      const place = await queried(world);
      const { queryId } = await runOnce(place, simple);
      const { QueryStatistics: found } = await describe(world, queryId);
      const at: unknown = isMembers(found) ? found["CreationTime"] : undefined;
      const now = world.wire.subject.now() / 1000;
      expects(
        typeof at === "number" && Math.abs(at - now) < 3600,
        `CreationTime, seconds since 1970, near ${Math.round(now)}`,
        found,
      );
    },
  },
  {
    clause: "query/describe/failed-says-why",
    run: async (world) => {
      const place = await queried(world);
      const { queryId, status, errorMessage, rows } = await run(
        place,
        "SELECT 1 / (length(eventID) - 36) AS v FROM $STORE WHERE $MINE",
      );
      const found = await describe(world, queryId);
      for (const [who, message] of [
        ["GetQueryResults", errorMessage],
        ["DescribeQuery", found["ErrorMessage"]],
      ] as const)
        expects(
          typeof message === "string" && message.length >= 4 && message.length <= 1000,
          `an ErrorMessage of 4 to 1000 characters in ${who} for a division by zero`,
          message,
        );
      expects(
        status === "FAILED" && found["QueryStatus"] === "FAILED" && rows.length === 0,
        "FAILED and no rows",
        found,
      );
    },
  },
  {
    clause: "query/describe/store-may-be-named",
    run: async (world) => {
      const place = await queried(world);
      const { queryId } = await runOnce(place, simple);
      for (const EventDataStore of [place.storeArn, place.storeId]) {
        expects(
          (await describe(world, queryId, { EventDataStore }))["QueryId"] === queryId,
          "the query",
          EventDataStore,
        );
        await results(world, { QueryId: queryId, EventDataStore });
      }
    },
  },
  {
    clause: "query/describe/query-of-another-account-refused",
    needs: ["other-account"],
    run: async (world) => {
      const { queryId: QueryId } = await runOnce(await queried(world), simple);
      for (const operation of ["DescribeQuery", "GetQueryResults", "CancelQuery"])
        refused(await world.wire.call(operation, { QueryId }, { as: other(world) }));
    },
  },
  {
    clause: "query/describe/query-of-another-account-is-not-told",
    needs: ["other-account"],
    run: async (world) => {
      const { queryId: QueryId } = await runOnce(await queried(world), simple);
      for (const operation of ["DescribeQuery", "GetQueryResults", "CancelQuery"])
        refused(await world.wire.call(operation, { QueryId }, { as: other(world) }), "QueryIdNotFoundException", 404);
    },
  },
];
