import type { Check } from "../core/check.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { refused } from "../wire/answer.ts";
import { patiently } from "./ask.ts";
import { noQuery, notIds } from "./describe-checks.ts";
import { queried } from "./query-world.ts";

/** Spec 2.7: an operation on one query that must be named, and exist. @param group of its clauses */
export const queryIdChecks = (group: string, operation: string): readonly Check<ServerWorld>[] => [
  {
    clause: `query/${group}/unknown-query`,
    run: async (world) =>
      refused(await patiently(world, operation, { QueryId: noQuery }), "QueryIdNotFoundException", 404),
  },
  {
    clause: `query/${group}/query-id-required`,
    run: async (world) => {
      await queried(world);
      for (const input of [{}, ...notIds.map((QueryId) => ({ QueryId }))]) {
        const answer = await patiently(world, operation, input);
        expects(answer.status >= 400, `${JSON.stringify(input)} is refused`, answer.text);
        refused(answer);
      }
    },
  },
];
