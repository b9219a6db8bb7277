import { cloudTrailArn, parseCloudTrailArn } from "@tributary/schema";
import type { Catalog } from "../catalog/catalog.ts";
import type { QueryRecord } from "../catalog/query-catalog.ts";
import { authorizeStore, mayUseStore, sharedStore } from "./authorize-store.ts";
import { controlError } from "./control-error.ts";
import type { ControlCall } from "./operation.ts";
import { isKept } from "./query-kept.ts";
import { ownersOf } from "./query-owner.ts";

/** How DescribeQuery, GetQueryResults and CancelQuery name a query. */
export interface QueryName {
  readonly queryId: string;
  /** ARN or id of a store it reads. */
  readonly EventDataStore?: string | null | undefined;
  /** The account of a store it reads. */
  readonly EventDataStoreOwnerAccountId?: string | null | undefined;
}

/**
 * A query that the caller's account started and that has not ended more than seven days ago, after authorising the action on
 * every store it reads, as the policies are now: a query over a store that the caller may not use is as one that is not there.
 * Throws EventDataStoreARNInvalidException, AccessDeniedException, QueryIdNotFoundException, InactiveEventDataStoreException.
 */
export async function findQuery(
  call: ControlCall<unknown>,
  action: `cloudtrail:${string}`,
  name: QueryName,
  catalog: Pick<Catalog, "getQuery">,
): Promise<QueryRecord> {
  const { caller, env, view } = call;
  const named = name.EventDataStore ? storeIdOf(name.EventDataStore, env.region) : undefined;
  const found = await catalog.getQuery(name.queryId);
  const query = found && isKept(found, env.now) && isNamed(found, named, name, caller.accountId) ? found : undefined;
  const absent = (id: string) => ({
    arn: `${cloudTrailArn({ region: env.region, accountId: caller.accountId, type: "eventdatastore", id: "-" }).slice(0, -1)}${id}`,
    accountId: caller.accountId,
  });
  const owners = query && ownersOf(query);
  // A refusal that names the store would tell that there is such a query, and what it reads.
  const hidden = query?.storeIds.some((storeId, at) =>
    owners?.[at] === caller.accountId
      ? !mayUseStore(call, action, view.state.stores.get(storeId) ?? absent(storeId))
      : !sharedStore(call, action, storeId),
  );
  if (!query || hidden) {
    authorizeStore(call, action, absent("*"));
    throw controlError("QueryIdNotFoundException", `There is no query ${name.queryId}.`);
  }
  for (const storeId of query.storeIds) {
    const store = view.state.stores.get(storeId);
    if (store?.status === "PENDING_DELETION")
      throw controlError(
        "InactiveEventDataStoreException",
        `The event data store ${store.arn} is waiting for its deletion.`,
      );
  }
  // A store that is no more takes its queries with it, before they are deleted.
  if (query.storeIds.some((storeId) => !view.state.stores.has(storeId)))
    throw controlError("QueryIdNotFoundException", `There is no query ${name.queryId}.`);
  return query;
}

function isNamed(query: QueryRecord, storeId: string | undefined, name: QueryName, accountId: string): boolean {
  const owner = name.EventDataStoreOwnerAccountId;
  return (
    query.accountId === accountId &&
    (storeId === undefined || query.storeIds.includes(storeId)) &&
    (!owner || ownersOf(query).includes(owner))
  );
}

function storeIdOf(text: string, region: string): string {
  if (/^[A-Za-z0-9._-]+$/.test(text)) return text;
  const arn = parseCloudTrailArn(text);
  if (arn?.type === "eventdatastore" && arn.region === region && arn.partition === "aws") return arn.id;
  throw controlError(
    "EventDataStoreARNInvalidException",
    `EventDataStore must be the ARN of an event data store in ${region}, or its id.`,
  );
}
