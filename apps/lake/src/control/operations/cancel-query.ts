import { shapes } from "@tributary/schema";
import { controlError } from "../control-error.ts";
import { findQuery } from "../find-query.ts";
import type { ServiceOperation } from "../operation.ts";
import { queryOwner } from "../query-owner.ts";

/** Spec 2.7, A.24: CANCELLED is answered possibly before the work has stopped. */
export const cancelQuery: ServiceOperation<shapes.CancelQueryRequest> = {
  input: shapes.CancelQueryRequest,
  invalid: { EventDataStore: "EventDataStoreARNInvalidException" },
  async run(call, { catalog, queries }) {
    const query = await findQuery(
      call,
      "cloudtrail:CancelQuery",
      { ...call.input, queryId: call.input.QueryId },
      catalog,
    );
    const { queryId } = query;
    if (!(await queries.cancel(queryId)))
      throw controlError("InactiveQueryException", `The query ${queryId} has ended already.`);
    return { QueryId: queryId, QueryStatus: "CANCELLED", EventDataStoreOwnerAccountId: queryOwner(query) };
  },
};
