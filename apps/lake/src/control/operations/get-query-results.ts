import { shapes } from "@tributary/schema";
import { findQuery } from "../find-query.ts";
import type { ServiceOperation } from "../operation.ts";
import { queryErrorMessage } from "../query-error-message.ts";

/** Spec 2.7, A.22: a row is a list of single-key maps of strings; SQL NULL is an empty string. */
export const getQueryResults: ServiceOperation<shapes.GetQueryResultsRequest> = {
  input: shapes.GetQueryResultsRequest,
  invalid: {
    EventDataStore: "EventDataStoreARNInvalidException",
    MaxQueryResults: "InvalidMaxResultsException",
    NextToken: "InvalidNextTokenException",
  },
  async run(call, { catalog, queries }) {
    const { input, caller, env } = call;
    const query = await findQuery(call, "cloudtrail:GetQueryResults", { ...input, queryId: input.QueryId }, catalog);
    const binding = { operation: "GetQueryResults", accountId: caller.accountId, parameters: { ...input } };
    // What a query had found when its time ran out stays readable.
    const readable = query.status === "FINISHED" || (query.status === "TIMED_OUT" && query.resultRows !== undefined);
    const offset = input.NextToken ? Number(env.tokens.read(binding, input.NextToken)[0]) : 0;
    const page = readable
      ? await queries.results(query.queryId, { offset, limit: input.MaxQueryResults ?? 1000 })
      : { columns: [], rows: [] };
    const total = query.resultRows ?? 0;
    const next = offset + page.rows.length;
    return {
      QueryStatus: query.status,
      QueryStatistics: {
        ResultsCount: page.rows.length,
        TotalResultsCount: total,
        BytesScanned: query.bytesScanned ?? 0,
      },
      QueryResultRows: page.rows.map((row) => page.columns.map((column, at) => ({ [column]: row[at] ?? "" }))),
      ...(page.rows.length > 0 && next < total && { NextToken: env.tokens.write(binding, [next]) }),
      ...queryErrorMessage(query),
    };
  },
};
