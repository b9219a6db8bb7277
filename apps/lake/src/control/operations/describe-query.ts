import type { QueryRecord } from "../../catalog/query-catalog.ts";
import { shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findQuery } from "../find-query.ts";
import type { ServiceOperation } from "../operation.ts";
import { queryErrorMessage } from "../query-error-message.ts";
import { queryOwner } from "../query-owner.ts";

/** Spec 2.7, A.21. */
export const describeQuery: ServiceOperation<shapes.DescribeQueryRequest> = {
  input: shapes.DescribeQueryRequest,
  invalid: { EventDataStore: "EventDataStoreARNInvalidException" },
  async run(call, { catalog }) {
    const { input, env } = call;
    if (input.QueryAlias)
      throw controlError(
        "UnsupportedOperationException",
        "QueryAlias is for dashboards, which this lake does not have: give a QueryId.",
      );
    if (!input.QueryId) throw controlError("InvalidParameterException", "QueryId is missing.");
    const query = await findQuery(call, "cloudtrail:DescribeQuery", { ...input, queryId: input.QueryId }, catalog);
    const ran = query.startedAt === undefined ? undefined : (query.finishedAt ?? env.now) - query.startedAt;
    return {
      QueryId: query.queryId,
      QueryString: query.statement,
      QueryStatus: query.status,
      QueryStatistics: {
        EventsMatched: query.eventsMatched ?? 0,
        EventsScanned: query.eventsScanned ?? 0,
        BytesScanned: query.bytesScanned ?? 0,
        ExecutionTimeInMillis: Math.max(0, Math.round(ran ?? 0)),
        CreationTime: query.createdAt / 1000,
      },
      ...queryErrorMessage(query),
      ...(query.deliveryS3Uri !== undefined && {
        DeliveryS3Uri: query.deliveryS3Uri,
        DeliveryStatus: deliveryStatus(query),
      }),
      EventDataStoreOwnerAccountId: queryOwner(query),
    };
  },
};

/** Results of a query that ended otherwise than FINISHED are not delivered. Spec 2.7. */
function deliveryStatus({ status, deliveryStatus: stored = "PENDING" }: QueryRecord): string {
  if (status === "CANCELLED") return "CANCELLED";
  return status === "FAILED" || status === "TIMED_OUT" ? "FAILED" : stored;
}
