import type { Check } from "../core/check.ts";
import type { Members } from "../core/members.ts";
import { expects } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, refused } from "../wire/answer.ts";
import { patiently, started } from "./ask.ts";
import { queried } from "./query-world.ts";

const simple = "SELECT eventID FROM $STORE WHERE $MINE";

/** Operations on a query that is there, so that nothing but what a check adds is why they are refused. */
async function onAQuery(world: ServerWorld): Promise<readonly (readonly [operation: string, input: Members])[]> {
  const QueryId = await started(await queried(world), simple);
  return ["DescribeQuery", "GetQueryResults", "CancelQuery"].map((operation) => [operation, { QueryId }]);
}

const call = (world: ServerWorld, operation: string, input: Members): Promise<Answer> =>
  patiently(world, operation, input);

/** Spec A.21 to A.24 and A.26: members by which a query's store and its owner may be named, too. */
export const memberChecks: readonly Check<ServerWorld>[] = [
  {
    clause: "query/member/store-has-its-shape",
    run: async (world) => {
      for (const [operation, input] of [...(await onAQuery(world)), ["ListQueries", {}] as const])
        for (const EventDataStore of ["ab", "a".repeat(257), "no store", "store?", "é".repeat(36)]) {
          const answer = await call(world, operation, { ...input, EventDataStore });
          const about = `${operation} with the EventDataStore ${EventDataStore.slice(0, 40)} is refused`;
          expects(answer.status !== 200, about, answer.text);
          refused(answer, undefined, 400);
        }
    },
  },
  {
    clause: "query/member/store-is-a-stores-arn",
    run: async (world) => {
      for (const [operation, input] of await onAQuery(world))
        for (const EventDataStore of [world.channelArn, "arn:aws:s3:::bucket"])
          refused(await call(world, operation, { ...input, EventDataStore }), "EventDataStoreARNInvalidException", 400);
    },
  },
  {
    clause: "query/member/owner-account-is-12-to-16-digits",
    run: async (world) => {
      for (const [operation, input] of await onAQuery(world))
        for (const id of ["12345678901", "12345678901234567", "abcdefghijkl", ""]) {
          const answer = await call(world, operation, { ...input, EventDataStoreOwnerAccountId: id });
          const about = `${operation} with the EventDataStoreOwnerAccountId ${JSON.stringify(id)} is refused`;
          expects(answer.status !== 200, about, answer.text);
          refused(answer, undefined, 400);
        }
    },
  },
  {
    clause: "query/member/foreign-token-refused",
    run: async (world) => {
      const { storeArn: EventDataStore } = await queried(world);
      for (const NextToken of ["abc", "abcd", "a".repeat(1000), "a".repeat(1001)])
        refused(await call(world, "ListQueries", { EventDataStore, NextToken }), "InvalidNextTokenException", 400);
    },
  },
];
