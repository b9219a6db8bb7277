import type { StoreSnapshot } from "./store-catalog.ts";

export type QueryStatus = "QUEUED" | "RUNNING" | "FINISHED" | "FAILED" | "CANCELLED" | "TIMED_OUT";

/** How far the delivery of a query's results is. Spec A.26; PENDING until one of the others is written, once. */
export type DeliveryStatus = "PENDING" | "SUCCESS" | "FAILED" | "RESOURCE_NOT_FOUND" | "ACCESS_DENIED";

export interface QueryRecord {
  readonly queryId: string;
  readonly accountId: string;
  readonly callerArn: string;
  readonly statement: string;
  readonly storeIds: readonly string[];
  /** The accounts of `storeIds`, in their order; undefined when all are `accountId`'s. */
  readonly ownerAccountIds?: readonly string[] | undefined;
  readonly status: QueryStatus;
  readonly createdAt: number;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  readonly errorMessage?: string | undefined;
  readonly eventsMatched?: number | undefined;
  readonly eventsScanned?: number | undefined;
  readonly bytesScanned?: number | undefined;
  readonly resultRows?: number | undefined;
  /** What its result takes of the objects. */
  readonly resultBytes?: number | undefined;
  readonly deliveryS3Uri?: string | undefined;
  readonly deliveryStatus?: DeliveryStatus | undefined;
}

/** Which queries {@link QueryCatalog.listQueries} answers; the bounds are part of the range. */
export interface QueryFilter {
  readonly accountId: string;
  /** One of the stores that the query reads. */
  readonly storeId: string;
  readonly createdFrom: number;
  readonly createdTo?: number | undefined;
  readonly status?: QueryStatus | undefined;
  /** Only what comes after this one. */
  readonly after?: { readonly createdAt: number; readonly queryId: string } | undefined;
  readonly limit: number;
}

export interface QueryCatalog {
  /** Inserts a QUEUED query with, per store, B: the largest journal position its own statement sees. `limit`: the account has `maxActive` queued or running; `inactive`: a store of it is PENDING_DELETION, or being purged. */
  startQuery(query: QueryRecord, maxActive: number): Promise<"queued" | "limit" | "inactive">;
  /** `ready` when no row of its stores with a position <= B is visible; the versions are read in that same snapshot and pinned until the query ends. Asked again, it answers the pinned versions. Throws `QUERY_NOT_ACTIVE` for a query that has ended. */
  readyQuery(
    queryId: string,
  ): Promise<
    | { readonly kind: "waiting"; readonly storeIds: readonly string[] }
    | { readonly kind: "ready"; readonly snapshots: readonly StoreSnapshot[] }
  >;
  /** Moves a query from one of `from` to `patch.status`; false if it was in none of them. A final status unpins. */
  moveQuery(
    queryId: string,
    from: readonly QueryStatus[],
    patch: Partial<QueryRecord> & { readonly status: QueryStatus },
  ): Promise<boolean>;
  /** Stores with a row that a QUEUED query, a pin or a purge waits for: what compaction should take first. */
  awaitedStores(): Promise<readonly string[]>;
  getQuery(queryId: string): Promise<QueryRecord | undefined>;
  /** Queries in the order of their creation, then of their ids. */
  listQueries(filter: QueryFilter): Promise<readonly QueryRecord[]>;
  /** Ids of queries that had ended by then, at most `limit`. */
  endedQueries(endedBy: number, limit: number): Promise<readonly string[]>;
  /** A service that ran the query is done with it: its result is whole or deleted. `moveQuery` to RUNNING was the beginning of that work. */
  settleQuery(queryId: string): Promise<void>;
  /** Queries that a service ran and has not settled, whatever their status. */
  unsettledQueries(): Promise<readonly QueryRecord[]>;
  /** Forgets a query that has ended; one that has not stays. */
  deleteQuery(queryId: string): Promise<void>;
  /** FINISHED queries whose results are still to be delivered, oldest first. */
  pendingDeliveries(): Promise<readonly QueryRecord[]>;
  /** Writes how a delivery ended; false when it was not PENDING. */
  endDelivery(queryId: string, status: Exclude<DeliveryStatus, "PENDING">): Promise<boolean>;
  /** What the results of an account's queries take together. */
  resultBytes(accountId: string): Promise<number>;
  /** QUEUED and RUNNING queries, oldest first. */
  activeQueries(): Promise<readonly QueryRecord[]>;
}
