import type { Check } from "../core/check.ts";
import type { Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused, succeeded } from "../wire/answer.ts";
import { ask, ended, patiently, rowsOf, started } from "./ask.ts";
import { queryIdChecks } from "./query-id-checks.ts";
import { queried } from "./query-world.ts";

const call = (world: ServerWorld, input: Members): Promise<Answer> => patiently(world, "CancelQuery", input);

/** Each event with each: some work, so that it is cancelled before it is done. */
const long = "SELECT count(*) AS n FROM $STORE a, $STORE b WHERE $MINE(a) AND a.eventID <> b.eventID";

/** Spec 2.7 and A.24: CancelQuery. */
export const cancelChecks: readonly Check<ServerWorld>[] = [
  ...queryIdChecks("cancel", "CancelQuery"),
  {
    clause: "query/cancel/what-has-ended",
    run: async (world) => {
      const { queryId: QueryId } = await ask(await queried(world), "SELECT eventID FROM $STORE WHERE $MINE");
      refused(await call(world, { QueryId }), "InactiveQueryException", 400);
    },
  },
  {
    clause: "query/cancel/what-is-at-work",
    run: async (world) => {
      const place = await queried(world);
      for (let time = 0; time < 5; time++) {
        const QueryId = await started(place, long);
        const answer = await call(world, { QueryId });
        // It was done before: that is quick, and says nothing.
        if (answer.code === "InactiveQueryException") continue;
        const { QueryId: id, QueryStatus: status } = succeeded(answer);
        expects(
          id === QueryId && (status === "CANCELLED" || status === "RUNNING"),
          `QueryId ${QueryId} and QueryStatus`,
          answer.text,
        );
        const last = await ended(world, QueryId, long);
        expects(
          last["QueryStatus"] === "CANCELLED" && rowsOf(last).length === 0,
          "CANCELLED and no rows, after it was cancelled",
          last,
        );
        const { QueryStatus: described } = succeeded(await patiently(world, "DescribeQuery", { QueryId }));
        expects(described === "CANCELLED", "CANCELLED in DescribeQuery", described);
        refused(await call(world, { QueryId }), "InactiveQueryException", 400);
        return;
      }
      throw new Error("Five queries were done before they could be cancelled: nothing was checked.");
    },
  },
];
