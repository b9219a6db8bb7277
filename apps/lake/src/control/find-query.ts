import { cloudTrailArn } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { QueryRecord } from "../catalog/query-catalog.ts";
import { authorize } from "./authorize.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";
import { isKept } from "./query-kept.ts";

/**
 * A query of the caller's account that has not ended more than seven days ago, after authorising the action on every store it reads.
 * Throws AccessDeniedException, QueryIdNotFoundException, InactiveEventDataStoreException.
 */
export async function findQuery(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  queryId: string,
  catalog: Pick<Catalog, "getQuery">,
): Promise<QueryRecord> {
  const { caller, env, view } = call;
  const found = await catalog.getQuery(queryId);
  const query = found?.accountId === caller.accountId && isKept(found, env.now) ? found : undefined;
  for (const storeId of query?.storeIds ?? ["*"]) {
    const store = view.state.stores.get(storeId);
    const arn =
      store?.arn ??
      `${cloudTrailArn({ region: env.region, accountId: caller.accountId, type: "eventdatastore", id: "-" }).slice(0, -1)}${storeId}`;
    authorize(call, action, arn, { resourceTags: store?.tags });
    if (store?.status === "PENDING_DELETION")
      throw controlError(
        "InactiveEventDataStoreException",
        `The event data store ${store.arn} is waiting for its deletion.`,
      );
  }
  if (!query) throw controlError("QueryIdNotFoundException", `There is no query ${queryId}.`);
  return query;
}
