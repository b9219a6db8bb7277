import { type Static, Type as T } from "@sinclair/typebox";
import {
  AccountId,
  DeliveryS3Uri,
  DeliveryStatus,
  ErrorMessage,
  EventDataStoreArn,
  ListQueriesMaxResultsCount,
  MaxQueryResults,
  PaginationToken,
  Prompt,
  QueryAlias,
  QueryStatement,
  QueryStatus,
  RefreshId,
  Timestamp,
  UUID,
} from "./simple-shapes.ts";
import {
  Queries,
  QueryParameters,
  QueryResultRows,
  QueryStatistics,
  QueryStatisticsForDescribeQuery,
} from "./structures.ts";

/** Spec 2.7, A.20. */
export const StartQueryRequest = T.Object({
  QueryStatement: T.Optional(QueryStatement),
  DeliveryS3Uri: T.Optional(DeliveryS3Uri),
  QueryAlias: T.Optional(QueryAlias),
  QueryParameters: T.Optional(QueryParameters),
  EventDataStoreOwnerAccountId: T.Optional(AccountId),
});
export type StartQueryRequest = Static<typeof StartQueryRequest>;

/** Spec 2.7, A.20. */
export const StartQueryResponse = T.Object({
  QueryId: T.Optional(UUID),
  EventDataStoreOwnerAccountId: T.Optional(AccountId),
});
export type StartQueryResponse = Static<typeof StartQueryResponse>;

/** Spec 2.7, A.21. */
export const DescribeQueryRequest = T.Object({
  /** Deprecated in the model. */
  EventDataStore: T.Optional(EventDataStoreArn),
  QueryId: T.Optional(UUID),
  QueryAlias: T.Optional(QueryAlias),
  RefreshId: T.Optional(RefreshId),
  EventDataStoreOwnerAccountId: T.Optional(AccountId),
});
export type DescribeQueryRequest = Static<typeof DescribeQueryRequest>;

/** Spec 2.7, A.21. */
export const DescribeQueryResponse = T.Object({
  QueryId: T.Optional(UUID),
  QueryString: T.Optional(QueryStatement),
  QueryStatus: T.Optional(QueryStatus),
  QueryStatistics: T.Optional(QueryStatisticsForDescribeQuery),
  ErrorMessage: T.Optional(ErrorMessage),
  DeliveryS3Uri: T.Optional(DeliveryS3Uri),
  DeliveryStatus: T.Optional(DeliveryStatus),
  Prompt: T.Optional(Prompt),
  EventDataStoreOwnerAccountId: T.Optional(AccountId),
});
export type DescribeQueryResponse = Static<typeof DescribeQueryResponse>;

/** Spec 2.7, A.22. */
export const GetQueryResultsRequest = T.Object({
  /** Deprecated in the model. */
  EventDataStore: T.Optional(EventDataStoreArn),
  QueryId: UUID,
  NextToken: T.Optional(PaginationToken),
  MaxQueryResults: T.Optional(MaxQueryResults),
  EventDataStoreOwnerAccountId: T.Optional(AccountId),
});
export type GetQueryResultsRequest = Static<typeof GetQueryResultsRequest>;

/** Spec 2.7, A.22. */
export const GetQueryResultsResponse = T.Object({
  QueryStatus: T.Optional(QueryStatus),
  QueryStatistics: T.Optional(QueryStatistics),
  QueryResultRows: T.Optional(QueryResultRows),
  NextToken: T.Optional(PaginationToken),
  ErrorMessage: T.Optional(ErrorMessage),
});
export type GetQueryResultsResponse = Static<typeof GetQueryResultsResponse>;

/** Spec 2.7, A.23. */
export const ListQueriesRequest = T.Object({
  EventDataStore: EventDataStoreArn,
  NextToken: T.Optional(PaginationToken),
  MaxResults: T.Optional(ListQueriesMaxResultsCount),
  StartTime: T.Optional(Timestamp),
  EndTime: T.Optional(Timestamp),
  QueryStatus: T.Optional(QueryStatus),
});
export type ListQueriesRequest = Static<typeof ListQueriesRequest>;

/** Spec 2.7, A.23. */
export const ListQueriesResponse = T.Object({
  Queries: T.Optional(Queries),
  NextToken: T.Optional(PaginationToken),
});
export type ListQueriesResponse = Static<typeof ListQueriesResponse>;

/** Spec 2.7, A.24. */
export const CancelQueryRequest = T.Object({
  /** Deprecated in the model. */
  EventDataStore: T.Optional(EventDataStoreArn),
  QueryId: UUID,
  EventDataStoreOwnerAccountId: T.Optional(AccountId),
});
export type CancelQueryRequest = Static<typeof CancelQueryRequest>;

/** Spec 2.7, A.24. */
export const CancelQueryResponse = T.Object({
  QueryId: UUID,
  QueryStatus: QueryStatus,
  EventDataStoreOwnerAccountId: T.Optional(AccountId),
});
export type CancelQueryResponse = Static<typeof CancelQueryResponse>;
