import { type Static, Type as T } from "@sinclair/typebox";
import {
  ChannelArn,
  ChannelName,
  DestinationType,
  ErrorMessage,
  EventDataStoreArn,
  EventDataStoreName,
  EventDataStoreStatus,
  Location,
  OperatorValue,
  PartitionKeyName,
  PartitionKeyType,
  QueryParameter,
  QueryStatus,
  RetentionPeriod,
  SelectorField,
  SelectorName,
  TagKey,
  TagValue,
  Timestamp,
  UUID,
} from "./simple-shapes.ts";

// Nested structures and lists of the CloudTrail service model (spec A.25, A.26).

/** Where a channel delivers. `Location` is the ARN of a store, or its id on input. Spec 2.2, 2.3. */
export const Destination = T.Object({
  Type: DestinationType,
  Location: Location,
});
export type Destination = Static<typeof Destination>;

export const Destinations = T.Array(Destination, { minItems: 1, maxItems: 200 });
export type Destinations = Static<typeof Destinations>;

/** A tag; without a value it is stored with null. Spec 2.6. */
export const Tag = T.Object({
  Key: TagKey,
  Value: T.Optional(TagValue),
});
export type Tag = Static<typeof Tag>;

export const TagsList = T.Array(Tag, { maxItems: 200 });
export type TagsList = Static<typeof TagsList>;

export const Operator = T.Array(OperatorValue, { minItems: 1 });
export type Operator = Static<typeof Operator>;

/** One condition of a selector. */
export const AdvancedFieldSelector = T.Object({
  Field: SelectorField,
  Equals: T.Optional(Operator),
  StartsWith: T.Optional(Operator),
  EndsWith: T.Optional(Operator),
  NotEquals: T.Optional(Operator),
  NotStartsWith: T.Optional(Operator),
  NotEndsWith: T.Optional(Operator),
});
export type AdvancedFieldSelector = Static<typeof AdvancedFieldSelector>;

export const AdvancedFieldSelectors = T.Array(AdvancedFieldSelector, { minItems: 1 });
export type AdvancedFieldSelectors = Static<typeof AdvancedFieldSelectors>;

/** Which events a store takes. Spec 2.4. */
export const AdvancedEventSelector = T.Object({
  Name: T.Optional(SelectorName),
  FieldSelectors: AdvancedFieldSelectors,
});
export type AdvancedEventSelector = Static<typeof AdvancedEventSelector>;

export const AdvancedEventSelectors = T.Array(AdvancedEventSelector);
export type AdvancedEventSelectors = Static<typeof AdvancedEventSelectors>;

/** Of service-linked channels only. */
export const SourceConfig = T.Object({
  ApplyToAllRegions: T.Optional(T.Boolean()),
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
});
export type SourceConfig = Static<typeof SourceConfig>;

/** The last attempt and the last success of a channel. Spec 2.3. */
export const IngestionStatus = T.Object({
  LatestIngestionSuccessTime: T.Optional(Timestamp),
  LatestIngestionSuccessEventID: T.Optional(UUID),
  LatestIngestionErrorCode: T.Optional(ErrorMessage),
  LatestIngestionAttemptTime: T.Optional(Timestamp),
  LatestIngestionAttemptEventID: T.Optional(UUID),
});
export type IngestionStatus = Static<typeof IngestionStatus>;

/** A channel as ListChannels shows it. */
export const Channel = T.Object({
  ChannelArn: T.Optional(ChannelArn),
  Name: T.Optional(ChannelName),
});
export type Channel = Static<typeof Channel>;

export const Channels = T.Array(Channel);
export type Channels = Static<typeof Channels>;

/** A partition key of a store. */
export const PartitionKey = T.Object({
  Name: PartitionKeyName,
  Type: PartitionKeyType,
});
export type PartitionKey = Static<typeof PartitionKey>;

export const PartitionKeyList = T.Array(PartitionKey, { maxItems: 2 });
export type PartitionKeyList = Static<typeof PartitionKeyList>;

/** A store as ListEventDataStores shows it. Spec 2.4. */
export const EventDataStore = T.Object({
  EventDataStoreArn: T.Optional(EventDataStoreArn),
  Name: T.Optional(EventDataStoreName),
  /** Deprecated in the model. */
  TerminationProtectionEnabled: T.Optional(T.Boolean()),
  /** Deprecated in the model. */
  Status: T.Optional(EventDataStoreStatus),
  /** Deprecated in the model. */
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
  /** Deprecated in the model. */
  MultiRegionEnabled: T.Optional(T.Boolean()),
  /** Deprecated in the model. */
  OrganizationEnabled: T.Optional(T.Boolean()),
  /** Deprecated in the model. */
  RetentionPeriod: T.Optional(RetentionPeriod),
  /** Deprecated in the model. */
  CreatedTimestamp: T.Optional(Timestamp),
  /** Deprecated in the model. */
  UpdatedTimestamp: T.Optional(Timestamp),
});
export type EventDataStore = Static<typeof EventDataStore>;

export const EventDataStores = T.Array(EventDataStore);
export type EventDataStores = Static<typeof EventDataStores>;

/** The tags of one resource. */
export const ResourceTag = T.Object({
  ResourceId: T.Optional(T.String()),
  TagsList: T.Optional(TagsList),
});
export type ResourceTag = Static<typeof ResourceTag>;

export const ResourceTagList = T.Array(ResourceTag);
export type ResourceTagList = Static<typeof ResourceTagList>;

export const ResourceIdList = T.Array(T.String());
export type ResourceIdList = Static<typeof ResourceIdList>;

export const QueryParameters = T.Array(QueryParameter, { minItems: 1, maxItems: 10 });
export type QueryParameters = Static<typeof QueryParameters>;

/** What a query has read, for DescribeQuery. */
export const QueryStatisticsForDescribeQuery = T.Object({
  EventsMatched: T.Optional(T.Integer()),
  EventsScanned: T.Optional(T.Integer()),
  BytesScanned: T.Optional(T.Integer()),
  ExecutionTimeInMillis: T.Optional(T.Integer()),
  CreationTime: T.Optional(Timestamp),
});
export type QueryStatisticsForDescribeQuery = Static<typeof QueryStatisticsForDescribeQuery>;

/** What a query has read, for GetQueryResults. */
export const QueryStatistics = T.Object({
  ResultsCount: T.Optional(T.Integer()),
  TotalResultsCount: T.Optional(T.Integer()),
  BytesScanned: T.Optional(T.Integer()),
});
export type QueryStatistics = Static<typeof QueryStatistics>;

/** A query as ListQueries shows it. */
export const Query = T.Object({
  QueryId: T.Optional(UUID),
  QueryStatus: T.Optional(QueryStatus),
  CreationTime: T.Optional(Timestamp),
});
export type Query = Static<typeof Query>;

export const Queries = T.Array(Query);
export type Queries = Static<typeof Queries>;

/** One column of a row: a map with a single key. Spec 2.7. */
export const QueryResultColumn = T.Record(T.String(), T.String());

export const QueryResultRow = T.Array(QueryResultColumn);
export type QueryResultRow = Static<typeof QueryResultRow>;

export const QueryResultRows = T.Array(QueryResultRow);
export type QueryResultRows = Static<typeof QueryResultRows>;
