import { TributaryError, shapes } from "@tributary/schema";
import { WireError } from "../../http/wire-error.ts";
import { controlError } from "../control-error.ts";
import { findStore, storeNotFound } from "../find-store.ts";
import type { ServiceOperation } from "../operation.ts";
import { queryOwner } from "../query-owner.ts";
import type { DeliveryPort, QueryPort } from "../query-port.ts";

/** Spec 2.7, A.20. The stores are named in the statement; each is authorised by its own ARN. */
export const startQuery: ServiceOperation<shapes.StartQueryRequest> = {
  input: shapes.StartQueryRequest,
  invalid: { QueryStatement: "InvalidQueryStatementException", DeliveryS3Uri: "InvalidS3PrefixException" },
  async run(call, { queries, deliveries }) {
    const { input, caller, env } = call;
    if (input.QueryAlias ?? input.QueryParameters)
      throw controlError(
        "UnsupportedOperationException",
        "QueryAlias is for dashboards, which this lake does not have: give a QueryStatement.",
      );
    if (!input.QueryStatement) throw controlError("InvalidParameterException", "QueryStatement is missing.");
    const { DeliveryS3Uri: s3Uri, EventDataStoreOwnerAccountId: named } = input;
    const owners = new Set<string>();
    const request: Parameters<QueryPort["start"]>[0] = {
      accountId: caller.accountId,
      callerArn: caller.arn,
      statement: input.QueryStatement,
      maxActive: env.quotas.concurrentQueries,
      deliveryS3Uri: s3Uri,
      async admit() {
        if (named && !owners.has(named))
          throw controlError(
            "EventDataStoreNotFoundException",
            `The statement reads no event data store of the account ${named}, which EventDataStoreOwnerAccountId names.`,
          );
        if (s3Uri !== undefined) await checkDelivery(caller.accountId, s3Uri, deliveries);
      },
      store(idOrArn) {
        const store = findStore(call, "cloudtrail:StartQuery", idOrArn);
        const foreign = store.accountId !== caller.accountId;
        if (foreign && named && named !== store.accountId) throw storeNotFound(call, idOrArn);
        if (store.status === "PENDING_DELETION")
          throw controlError(
            "InactiveEventDataStoreException",
            `The event data store ${store.arn} is waiting for its deletion.`,
          );
        owners.add(store.accountId);
        return store;
      },
    };
    try {
      const query = await queries.start(request);
      return { QueryId: query.queryId, EventDataStoreOwnerAccountId: queryOwner(query) };
    } catch (error) {
      if (error instanceof TributaryError && error.code === "QUERY_INVALID")
        throw controlError("InvalidQueryStatementException", error.message.slice(0, 1000), error);
      if (error instanceof TributaryError && error.code === "QUERY_LIMIT")
        throw controlError("MaxConcurrentQueriesException", error.message, error);
      if (error instanceof TributaryError && error.code === "QUERY_STORE_INACTIVE")
        throw controlError("InactiveEventDataStoreException", error.message, error);
      throw error;
    }
  },
};

async function checkDelivery(accountId: string, s3Uri: string, deliveries: DeliveryPort | undefined): Promise<void> {
  if (deliveries === undefined)
    throw controlError(
      "UnsupportedOperationException",
      "This lake delivers no results, for it runs without --delivery-directory and --delivery-s3-endpoint: leave DeliveryS3Uri out and call GetQueryResults.",
    );
  let found: boolean;
  try {
    found = await deliveries.hasBucket(accountId, s3Uri);
  } catch (error) {
    if (error instanceof TributaryError && error.code === "DELIVERY_URI_NOT_VALID")
      throw controlError("InvalidS3PrefixException", error.message, error);
    if (error instanceof TributaryError && error.code === "DELIVERY_NOT_ALLOWED")
      throw controlError(
        "InsufficientS3BucketPolicyException",
        `The account may not deliver to ${s3Uri} here: whoever runs the lake allows it.`,
        error,
      );
    if (error instanceof TributaryError && error.code === "DELIVERY_S3_UNAVAILABLE")
      throw new WireError("ServiceUnavailable", "The server that has the buckets does not answer. Try again later.", {
        status: 503,
        cause: error,
      });
    throw error;
  }
  if (!found)
    throw controlError(
      "S3BucketDoesNotExistException",
      `The account has no bucket of ${s3Uri} here: whoever runs the lake makes it.`,
    );
}
