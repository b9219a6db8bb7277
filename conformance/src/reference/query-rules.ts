import { createHash } from "node:crypto";
import type { StoredEvent } from "./control-state.ts";
import type { QueryOperation } from "./query-port.ts";
import { columnNames, type Columns, columnsOf } from "./queried-events.ts";
import { sqlRules } from "./sql/sql-rules.ts";
import { cellText, type Value } from "./sql/value.ts";

/** Decisions about queries, spec 2.7 and 2.8. A mutant changes one of them, or one of what a statement means. */
export const queryRules = {
  sql: sqlRules,
  /** The name of each refusal. */
  refusals: {
    "start/nothing": "InvalidParameterException",
    "start/alias": "UnsupportedOperationException",
    "start/delivery": "UnsupportedOperationException",
    "start/too-many": "MaxConcurrentQueriesException",
    "statement/invalid": "InvalidQueryStatementException",
    "store/unknown": "EventDataStoreNotFoundException",
    "store/denied": "AccessDeniedException",
    "store/not-one": "EventDataStoreARNInvalidException",
    "store/inactive": "InactiveEventDataStoreException",
    "query/unknown": "QueryIdNotFoundException",
    "query/ended": "InactiveQueryException",
    "query/nothing": "InvalidParameterException",
    "list/range": "InvalidDateRangeException",
    "page/token": "InvalidNextTokenException",
  },
  /** What is run of a statement. */
  statement: (text: string): string => text,
  /** Without a statement. @param hasAlias whether there is an alias */
  startsNothing: (_hasAlias: boolean): boolean => false,
  delivers: false,
  /** What a refusal of a statement says. */
  fault: (message: string): string => message,
  queryId: (id: string, _statement: string): string => id,
  maxActive: 10,
  /** Stores that a statement names, of those the ones that are looked up before it runs. */
  lookedUp: (ids: readonly string[]): readonly string[] => ids,
  /** Whether a caller may start queries of a store, or list them. @param isAllowed by policies */
  mayQuery: (isAllowed: boolean, _operation: QueryOperation): boolean => isAllowed,
  /** Whether a caller may see a query. @param isAllowed by policies, on every store that it reads */
  maySee: (isOwn: boolean, isAllowed: boolean, _operation: QueryOperation): boolean => isOwn && isAllowed,
  /** Whether an EventDataStoreOwnerAccountId names an owner of a query's stores. */
  isOwner: (named: string, owners: readonly string[]): boolean => owners.includes(named),
  /** The EventDataStoreOwnerAccountId that is answered. */
  ownerTold: (owner: string, _callerAccountId: string, _operation: QueryOperation): string | undefined => owner,
  /** Whether ListQueries has the queries of an account. */
  listsOf: (accountId: string, callerAccountId: string): boolean => accountId === callerAccountId,
  /** To a stranger, a store that is there. */
  strangerFinds: "store/unknown" as "store/unknown" | "store/inactive",
  /** Takes the last query for one that is not named rightly. */
  findsLast: false,
  takesStores: true,
  storeName: (text: string): string => text,
  listsWithoutStore: false,
  queriesDeleted: false,
  tellsOfDeleted: false,
  /** The store whose events a statement reads by an id. */
  storeRead: (id: string, _first: string): string => id,
  columns: (event: StoredEvent, region: string): Columns => columnsOf(event, region),
  columnNames: columnNames as readonly string[],
  /** A row of a result. */
  row: (names: readonly string[], values: readonly Value[]): unknown =>
    names.map((name, at) => ({ [name]: cellText(values[at] ?? null) ?? "" })),
  keptStatement: (text: string): string => text,
  /** Why a query failed, as it is told. */
  failure: (message: string): string | undefined => message,
  failedStatus: "FAILED",
  cancelledStatus: "CANCELLED",
  cancels: true,
  cancelsEnded: false,
  defaultPage: 1000,
  /** Where the next page begins. */
  nextIndex: (end: number): number => end,
  endsPages: true,
  tokenOf: (binding: string, at: number): string =>
    `${at}.${createHash("sha256").update(`${binding} ${at}`).digest("hex")}`,
  /** What a token is bound to. */
  tokenBinding: (operation: string, id: string): string => `${operation} ${id}`,
  checksTokens: true,
  tokensOnce: false,
  /** Whether a query is one of a list. */
  isListed: (
    query: { readonly status: string; readonly at: number; readonly storeIds: readonly string[] },
    by: Listing,
  ): boolean =>
    (by.storeId === undefined || query.storeIds.includes(by.storeId)) &&
    (by.status === undefined || by.status === query.status) &&
    query.at >= (by.from ?? 0) &&
    query.at <= (by.to ?? Number.POSITIVE_INFINITY),
  isRange: (from: number, to: number): boolean => from < to,
};

/** What ListQueries is asked for. Times in ms since 1970. */
export interface Listing {
  readonly storeId?: string | undefined;
  readonly status?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

export type QueryRules = typeof queryRules;
