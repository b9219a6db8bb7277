import { type Static, type TUnsafe, Type as T } from "@sinclair/typebox";

// Strings, numbers and enumerations of the CloudTrail service model (spec A.26). Patterns hold for the whole value.

/** Seconds since 1970, with a fraction: the timestamps of awsJson1_1 (spec 2.1). */
export const Timestamp = T.Number();

function oneOf<const Values extends readonly string[]>(values: Values): TUnsafe<Values[number]> {
  return T.Unsafe<Values[number]>(T.Union(values.map((value) => T.Literal(value))));
}

export const AccountId = T.String({ minLength: 12, maxLength: 16, pattern: "^\\d+$" });
export const BillingMode = oneOf(["EXTENDABLE_RETENTION_PRICING", "FIXED_RETENTION_PRICING"]);
export type BillingMode = Static<typeof BillingMode>;
export const ChannelArn = T.String({ minLength: 3, maxLength: 256, pattern: "^[a-zA-Z0-9._/\\-:]+$" });
export const ChannelName = T.String({ minLength: 3, maxLength: 128, pattern: "^[a-zA-Z0-9._\\-]+$" });
export const DeliveryS3Uri = T.String({
  maxLength: 1024,
  pattern: "^s3://[a-z0-9][\\.\\-a-z0-9]{1,61}[a-z0-9](/.*)?$",
});
export const DeliveryStatus = oneOf([
  "SUCCESS",
  "FAILED",
  "FAILED_SIGNING_FILE",
  "PENDING",
  "RESOURCE_NOT_FOUND",
  "ACCESS_DENIED",
  "ACCESS_DENIED_SIGNING_FILE",
  "CANCELLED",
  "UNKNOWN",
]);
export type DeliveryStatus = Static<typeof DeliveryStatus>;
export const DestinationType = oneOf(["EVENT_DATA_STORE", "AWS_SERVICE"]);
export type DestinationType = Static<typeof DestinationType>;
export const ErrorMessage = T.String({ minLength: 4, maxLength: 1000, pattern: "^.*$" });
export const EventDataStoreArn = T.String({ minLength: 3, maxLength: 256, pattern: "^[a-zA-Z0-9._/\\-:]+$" });
export const EventDataStoreKmsKeyId = T.String({ minLength: 1, maxLength: 350, pattern: "^[a-zA-Z0-9._/\\-:]+$" });
export const EventDataStoreName = T.String({ minLength: 3, maxLength: 128, pattern: "^[a-zA-Z0-9._\\-]+$" });
export const EventDataStoreStatus = oneOf([
  "CREATED",
  "ENABLED",
  "PENDING_DELETION",
  "STARTING_INGESTION",
  "STOPPING_INGESTION",
  "STOPPED_INGESTION",
]);
export type EventDataStoreStatus = Static<typeof EventDataStoreStatus>;
export const FederationRoleArn = T.String({ minLength: 3, maxLength: 125, pattern: "^[a-zA-Z0-9._/\\-:@=\\+,\\.]+$" });
export const FederationStatus = oneOf(["ENABLING", "ENABLED", "DISABLING", "DISABLED"]);
export type FederationStatus = Static<typeof FederationStatus>;
export const ListChannelsMaxResultsCount = T.Integer({ minimum: 1, maximum: 1000 });
export const ListEventDataStoresMaxResultsCount = T.Integer({ minimum: 1, maximum: 1000 });
export const ListQueriesMaxResultsCount = T.Integer({ minimum: 1, maximum: 1000 });
export const Location = T.String({ minLength: 3, maxLength: 1024, pattern: "^[a-zA-Z0-9._/\\-:*]+$" });
export const MaxQueryResults = T.Integer({ minimum: 1, maximum: 1000 });
export const OperatorValue = T.String({ minLength: 1, maxLength: 2048, pattern: "^.+$" });
export const PaginationToken = T.String({ minLength: 4, maxLength: 1000, pattern: "^.*$" });
export const PartitionKeyName = T.String({
  minLength: 1,
  maxLength: 255,
  pattern: "^[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*$",
});
export const PartitionKeyType = T.String({
  minLength: 0,
  maxLength: 255,
  pattern: "^[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*$",
});
export const Prompt = T.String({ minLength: 3, maxLength: 500, pattern: "^[ -~\\n]*$" });
export const QueryAlias = T.String({ minLength: 1, maxLength: 256, pattern: "^[a-zA-Z][a-zA-Z0-9._\\-]*$" });
export const QueryParameter = T.String({ minLength: 1, maxLength: 1024, pattern: "^.*$" });
export const QueryResultKey = T.String();
export const QueryResultValue = T.String();
export const QueryStatement = T.String({ minLength: 1, maxLength: 10000 });
export const QueryStatus = oneOf(["QUEUED", "RUNNING", "FINISHED", "FAILED", "CANCELLED", "TIMED_OUT"]);
export type QueryStatus = Static<typeof QueryStatus>;
export const RefreshId = T.String({ minLength: 10, maxLength: 20, pattern: "^\\d+$" });
export const ResourceArn = T.String({ minLength: 3, maxLength: 256, pattern: "^[a-zA-Z0-9._/\\-:]+$" });
export const ResourcePolicy = T.String({ minLength: 1, maxLength: 8192 });
export const RetentionPeriod = T.Integer({ minimum: 7, maximum: 3653 });
export const SelectorField = T.String({ minLength: 1, maxLength: 1000, pattern: "^[\\w|\\d|\\.|_]+$" });
export const SelectorName = T.String({ minLength: 0, maxLength: 1000, pattern: "^.*$" });
export const Source = T.String({ minLength: 1, maxLength: 256, pattern: "^.*$" });
export const TagKey = T.String({ minLength: 1, maxLength: 128 });
export const TagValue = T.String({ minLength: 1, maxLength: 256 });
export const UUID = T.String({ minLength: 36, maxLength: 36, pattern: "^[a-f0-9\\-]+$" });
