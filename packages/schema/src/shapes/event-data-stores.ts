import { type Static, Type as T } from "@sinclair/typebox";
import { Empty } from "./empty.ts";
import {
  BillingMode,
  EventDataStoreArn,
  EventDataStoreKmsKeyId,
  EventDataStoreName,
  EventDataStoreStatus,
  FederationRoleArn,
  FederationStatus,
  ListEventDataStoresMaxResultsCount,
  PaginationToken,
  RetentionPeriod,
  Timestamp,
} from "./simple-shapes.ts";
import { AdvancedEventSelectors, EventDataStores, PartitionKeyList, TagsList } from "./structures.ts";

/** Spec 2.4, A.6. */
export const CreateEventDataStoreRequest = T.Object({
  Name: EventDataStoreName,
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
  MultiRegionEnabled: T.Optional(T.Boolean()),
  OrganizationEnabled: T.Optional(T.Boolean()),
  RetentionPeriod: T.Optional(RetentionPeriod),
  TerminationProtectionEnabled: T.Optional(T.Boolean()),
  TagsList: T.Optional(TagsList),
  KmsKeyId: T.Optional(EventDataStoreKmsKeyId),
  StartIngestion: T.Optional(T.Boolean()),
  BillingMode: T.Optional(BillingMode),
});
export type CreateEventDataStoreRequest = Static<typeof CreateEventDataStoreRequest>;

/** Spec 2.4, A.6. */
export const CreateEventDataStoreResponse = T.Object({
  EventDataStoreArn: T.Optional(EventDataStoreArn),
  Name: T.Optional(EventDataStoreName),
  Status: T.Optional(EventDataStoreStatus),
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
  MultiRegionEnabled: T.Optional(T.Boolean()),
  OrganizationEnabled: T.Optional(T.Boolean()),
  RetentionPeriod: T.Optional(RetentionPeriod),
  TerminationProtectionEnabled: T.Optional(T.Boolean()),
  TagsList: T.Optional(TagsList),
  CreatedTimestamp: T.Optional(Timestamp),
  UpdatedTimestamp: T.Optional(Timestamp),
  KmsKeyId: T.Optional(EventDataStoreKmsKeyId),
  BillingMode: T.Optional(BillingMode),
});
export type CreateEventDataStoreResponse = Static<typeof CreateEventDataStoreResponse>;

/** Spec 2.4, A.7. */
export const GetEventDataStoreRequest = T.Object({
  EventDataStore: EventDataStoreArn,
});
export type GetEventDataStoreRequest = Static<typeof GetEventDataStoreRequest>;

/** Spec 2.4, A.7. */
export const GetEventDataStoreResponse = T.Object({
  EventDataStoreArn: T.Optional(EventDataStoreArn),
  Name: T.Optional(EventDataStoreName),
  Status: T.Optional(EventDataStoreStatus),
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
  MultiRegionEnabled: T.Optional(T.Boolean()),
  OrganizationEnabled: T.Optional(T.Boolean()),
  RetentionPeriod: T.Optional(RetentionPeriod),
  TerminationProtectionEnabled: T.Optional(T.Boolean()),
  CreatedTimestamp: T.Optional(Timestamp),
  UpdatedTimestamp: T.Optional(Timestamp),
  KmsKeyId: T.Optional(EventDataStoreKmsKeyId),
  BillingMode: T.Optional(BillingMode),
  FederationStatus: T.Optional(FederationStatus),
  FederationRoleArn: T.Optional(FederationRoleArn),
  PartitionKeys: T.Optional(PartitionKeyList),
});
export type GetEventDataStoreResponse = Static<typeof GetEventDataStoreResponse>;

/** Spec 2.4, A.8. */
export const ListEventDataStoresRequest = T.Object({
  NextToken: T.Optional(PaginationToken),
  MaxResults: T.Optional(ListEventDataStoresMaxResultsCount),
});
export type ListEventDataStoresRequest = Static<typeof ListEventDataStoresRequest>;

/** Spec 2.4, A.8. */
export const ListEventDataStoresResponse = T.Object({
  EventDataStores: T.Optional(EventDataStores),
  NextToken: T.Optional(PaginationToken),
});
export type ListEventDataStoresResponse = Static<typeof ListEventDataStoresResponse>;

/** Spec 2.4, A.9. */
export const UpdateEventDataStoreRequest = T.Object({
  EventDataStore: EventDataStoreArn,
  Name: T.Optional(EventDataStoreName),
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
  MultiRegionEnabled: T.Optional(T.Boolean()),
  OrganizationEnabled: T.Optional(T.Boolean()),
  RetentionPeriod: T.Optional(RetentionPeriod),
  TerminationProtectionEnabled: T.Optional(T.Boolean()),
  KmsKeyId: T.Optional(EventDataStoreKmsKeyId),
  BillingMode: T.Optional(BillingMode),
});
export type UpdateEventDataStoreRequest = Static<typeof UpdateEventDataStoreRequest>;

/** Spec 2.4, A.9. */
export const UpdateEventDataStoreResponse = T.Object({
  EventDataStoreArn: T.Optional(EventDataStoreArn),
  Name: T.Optional(EventDataStoreName),
  Status: T.Optional(EventDataStoreStatus),
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
  MultiRegionEnabled: T.Optional(T.Boolean()),
  OrganizationEnabled: T.Optional(T.Boolean()),
  RetentionPeriod: T.Optional(RetentionPeriod),
  TerminationProtectionEnabled: T.Optional(T.Boolean()),
  CreatedTimestamp: T.Optional(Timestamp),
  UpdatedTimestamp: T.Optional(Timestamp),
  KmsKeyId: T.Optional(EventDataStoreKmsKeyId),
  BillingMode: T.Optional(BillingMode),
  FederationStatus: T.Optional(FederationStatus),
  FederationRoleArn: T.Optional(FederationRoleArn),
});
export type UpdateEventDataStoreResponse = Static<typeof UpdateEventDataStoreResponse>;

/** Spec 2.4, A.10. */
export const DeleteEventDataStoreRequest = T.Object({
  EventDataStore: EventDataStoreArn,
});
export type DeleteEventDataStoreRequest = Static<typeof DeleteEventDataStoreRequest>;

/** Spec 2.4, A.10. */
export const DeleteEventDataStoreResponse = Empty;
export type DeleteEventDataStoreResponse = Static<typeof DeleteEventDataStoreResponse>;

/** Spec 2.4, A.11. */
export const RestoreEventDataStoreRequest = T.Object({
  EventDataStore: EventDataStoreArn,
});
export type RestoreEventDataStoreRequest = Static<typeof RestoreEventDataStoreRequest>;

/** Spec 2.4, A.11. */
export const RestoreEventDataStoreResponse = T.Object({
  EventDataStoreArn: T.Optional(EventDataStoreArn),
  Name: T.Optional(EventDataStoreName),
  Status: T.Optional(EventDataStoreStatus),
  AdvancedEventSelectors: T.Optional(AdvancedEventSelectors),
  MultiRegionEnabled: T.Optional(T.Boolean()),
  OrganizationEnabled: T.Optional(T.Boolean()),
  RetentionPeriod: T.Optional(RetentionPeriod),
  TerminationProtectionEnabled: T.Optional(T.Boolean()),
  CreatedTimestamp: T.Optional(Timestamp),
  UpdatedTimestamp: T.Optional(Timestamp),
  KmsKeyId: T.Optional(EventDataStoreKmsKeyId),
  BillingMode: T.Optional(BillingMode),
});
export type RestoreEventDataStoreResponse = Static<typeof RestoreEventDataStoreResponse>;

/** Spec 2.4, A.12. */
export const StartEventDataStoreIngestionRequest = T.Object({
  EventDataStore: EventDataStoreArn,
});
export type StartEventDataStoreIngestionRequest = Static<typeof StartEventDataStoreIngestionRequest>;

/** Spec 2.4, A.12. */
export const StartEventDataStoreIngestionResponse = Empty;
export type StartEventDataStoreIngestionResponse = Static<typeof StartEventDataStoreIngestionResponse>;

/** Spec 2.4, A.13. */
export const StopEventDataStoreIngestionRequest = T.Object({
  EventDataStore: EventDataStoreArn,
});
export type StopEventDataStoreIngestionRequest = Static<typeof StopEventDataStoreIngestionRequest>;

/** Spec 2.4, A.13. */
export const StopEventDataStoreIngestionResponse = Empty;
export type StopEventDataStoreIngestionResponse = Static<typeof StopEventDataStoreIngestionResponse>;
