/**
 * Every refusal of the reference lake's control plane, by its reason: the name of the error (spec 2 and A.27). A mutant leaves one out, or
 * gives it another name.
 */
export const controlRefusals = {
  "body/malformed": "SerializationException",
  "operation/unknown": "UnknownOperationException",
  "operation/not-had": "UnsupportedOperationException",
  "query/not-a-store": "EventDataStoreARNInvalidException",
  "page/token": "InvalidNextTokenException",

  "channel/not-one": "ChannelARNInvalidException",
  "channel/other-region": "ChannelARNInvalidException",
  "channel/unknown": "ChannelNotFoundException",
  "channel/name-taken": "ChannelAlreadyExistsException",
  "channel/new-name-taken": "ChannelAlreadyExistsException",
  "channel/source-unknown": "InvalidSourceException",
  "channel/source-taken": "ChannelMaxLimitExceededException",
  "channel/too-many": "ChannelMaxLimitExceededException",
  "channel/nothing-new": "InvalidParameterException",
  "channel/region-without-integrations": "UnsupportedOperationException",

  "destination/type": "InvalidParameterException",
  "destination/not-a-store": "EventDataStoreARNInvalidException",
  "destination/unknown": "EventDataStoreNotFoundException",
  "destination/twice": "InvalidParameterException",
  "destination/category": "InvalidEventDataStoreCategoryException",
  "destination/inactive": "InactiveEventDataStoreException",

  "store/not-one": "EventDataStoreARNInvalidException",
  "store/other-region": "EventDataStoreARNInvalidException",
  "store/other-account": "EventDataStoreARNInvalidException",
  "store/unknown": "EventDataStoreNotFoundException",
  "store/name-taken": "EventDataStoreAlreadyExistsException",
  "store/new-name-taken": "EventDataStoreAlreadyExistsException",
  "store/too-many": "EventDataStoreMaxLimitExceededException",
  "store/no-selectors": "InvalidEventSelectorsException",
  "store/selectors": "InvalidEventSelectorsException",
  "store/many-regions": "InvalidParameterException",
  "store/organization": "InvalidParameterException",
  "store/key": "KmsKeyNotFoundException",
  "store/fixed-retention": "InvalidParameterException",
  "store/back-to-fixed": "InvalidParameterException",
  "store/nothing-new": "InvalidParameterException",
  "store/other-category": "InvalidEventSelectorsException",
  "store/update-inactive": "InactiveEventDataStoreException",
  "store/delete-inactive": "InactiveEventDataStoreException",
  "store/protected": "EventDataStoreTerminationProtectedException",
  "store/in-use": "ChannelExistsForEDSException",
  "store/not-deleted": "InvalidEventDataStoreStatusException",

  "ingestion/category": "InvalidEventDataStoreCategoryException",
  "ingestion/not-enabled": "InvalidEventDataStoreStatusException",
  "ingestion/not-stopped": "InvalidEventDataStoreStatusException",

  "tags/not-an-arn": "CloudTrailARNInvalidException",
  "tags/other-resource": "ResourceTypeNotSupportedException",
  "tags/unknown-channel": "ChannelNotFoundException",
  "tags/unknown-store": "EventDataStoreNotFoundException",
  "tags/inactive": "InactiveEventDataStoreException",
  "tags/key-twice": "InvalidTagParameterException",
  "tags/reserved-key": "InvalidTagParameterException",
  "tags/too-many": "TagsLimitExceededException",
  "tags/too-many-arns": "InvalidParameterException",
  "tags/next-token": "InvalidTokenException",
} as const satisfies Readonly<Record<string, string>>;

export type ControlReason = keyof typeof controlRefusals;
/** By reason; one that is left out is never given. */
export type ControlRefusals = { readonly [Reason in ControlReason]?: string | undefined };
