import type { QueryRecord } from "../catalog/query-catalog.ts";

/** The accounts that own the stores a query reads, in the order of its `storeIds`. */
export function ownersOf({ accountId, storeIds, ownerAccountIds }: QueryRecord): readonly string[] {
  return ownerAccountIds ?? storeIds.map(() => accountId);
}

/** The wire's one EventDataStoreOwnerAccountId: the first that is not the account which asks, else that account. Spec 2.7. */
export function queryOwner(query: Pick<QueryRecord, "accountId" | "ownerAccountIds">): string {
  return query.ownerAccountIds?.find((owner) => owner !== query.accountId) ?? query.accountId;
}
