import { shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findStore } from "../find-store.ts";
import type { ServiceOperation } from "../operation.ts";
import { queryKeptMs } from "../query-kept.ts";

/** Spec 2.7, A.23: the account's queries over a store, of the last seven days at most, oldest first. */
export const listQueries: ServiceOperation<shapes.ListQueriesRequest> = {
  input: shapes.ListQueriesRequest,
  invalid: {
    EventDataStore: "EventDataStoreARNInvalidException",
    MaxResults: "InvalidMaxResultsException",
    NextToken: "InvalidNextTokenException",
    QueryStatus: "InvalidQueryStatusException",
  },
  async run(call, { catalog }) {
    const { input, caller, env } = call;
    const store = findStore(call, "cloudtrail:ListQueries", input.EventDataStore);
    if (store.status === "PENDING_DELETION")
      throw controlError(
        "InactiveEventDataStoreException",
        `The event data store ${store.arn} is waiting for its deletion.`,
      );
    const from = milliseconds(input.StartTime);
    const to = milliseconds(input.EndTime);
    if (from !== undefined && to !== undefined && from >= to)
      throw controlError("InvalidDateRangeException", "StartTime must be before EndTime.");
    const binding = { operation: "ListQueries", accountId: caller.accountId, parameters: { ...input } };
    const cursor = input.NextToken ? env.tokens.read(binding, input.NextToken) : undefined;
    const limit = input.MaxResults ?? 1000;
    const found = await catalog.listQueries({
      accountId: caller.accountId,
      storeId: store.storeId,
      createdFrom: Math.max(from ?? 0, env.now - queryKeptMs),
      createdTo: to,
      status: input.QueryStatus ?? undefined,
      after: cursor && { createdAt: Number(cursor[0]), queryId: String(cursor[1]) },
      limit: limit + 1,
    });
    const taken = found.slice(0, limit);
    const last = taken.at(-1);
    return {
      Queries: taken.map(({ queryId, status, createdAt }) => ({
        QueryId: queryId,
        QueryStatus: status,
        CreationTime: createdAt / 1000,
      })),
      ...(last && found.length > limit && { NextToken: env.tokens.write(binding, [last.createdAt, last.queryId]) }),
    };
  },
};

/** The wire has seconds with a fraction. */
function milliseconds(seconds: number | null | undefined): number | undefined {
  return typeof seconds === "number" ? Math.round(seconds * 1000) : undefined;
}
