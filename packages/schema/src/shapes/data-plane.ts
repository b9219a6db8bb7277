import { type Static, Type as T } from "@sinclair/typebox";
import type { JsonObject } from "../json.ts";
import { limits } from "../limits.ts";

const { strings } = limits;

/** Any JSON object. `T.Object({})` is an order of magnitude faster to check than a record of unknown. */
export const OpenObject = T.Unsafe<JsonObject>(T.Object({}));

/** The content of `eventData`: what one audit event says. Keys are case-sensitive. Spec 1.7. */
export const AuditEventData = T.Object({
  version: T.String({ maxLength: strings.version }),
  userIdentity: T.Object({
    type: T.String({ maxLength: strings.userIdentityType }),
    principalId: T.String({ maxLength: strings.userIdentityPrincipalId }),
    details: T.Optional(OpenObject),
  }),
  userAgent: T.Optional(T.String({ maxLength: strings.userAgent })),
  eventSource: T.String({ maxLength: strings.eventSource }),
  eventName: T.String({ maxLength: strings.eventName }),
  /** UTC, `YYYY-MM-DDTHH:MM:SS`, optional fraction of 1 to 9 digits, optional `Z`. */
  eventTime: T.String({
    pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z?$",
  }),
  UID: T.String({ maxLength: strings.UID }),
  requestParameters: T.Optional(OpenObject),
  responseElements: T.Optional(OpenObject),
  errorCode: T.Optional(T.String({ maxLength: strings.errorCode })),
  errorMessage: T.Optional(T.String({ maxLength: strings.errorMessage })),
  sourceIPAddress: T.Optional(T.String()),
  /** The account that owns the channel. */
  recipientAccountId: T.String(),
  additionalEventData: T.Optional(OpenObject),
});
export type AuditEventData = Static<typeof AuditEventData>;

/** The model's Uuid: ids of audit events. Not a UUID. */
export const AuditEventId = T.String({
  minLength: limits.id.min,
  maxLength: limits.id.max,
  pattern: "^[-_A-Za-z0-9]+$",
});

/** One entry of a request. `eventData` is the text of an {@link AuditEventData}. Spec 1.1. */
export const AuditEvent = T.Object({
  id: AuditEventId,
  eventData: T.String(),
  eventDataChecksum: T.Optional(T.String()),
});
export type AuditEvent = Static<typeof AuditEvent>;

/** `channelArn` and `externalId` travel in the query string, `auditEvents` in the body. Spec 1.1. */
export const PutAuditEventsRequest = T.Object({
  /** ARN, or the id of a channel in the caller's account. */
  channelArn: T.String(),
  externalId: T.Optional(
    T.String({ minLength: limits.externalId.min, maxLength: limits.externalId.max, pattern: "^[\\w+=,.@:\\/-]*$" }),
  ),
  auditEvents: T.Array(AuditEvent, { minItems: 1, maxItems: limits.eventsPerRequest }),
});
export type PutAuditEventsRequest = Static<typeof PutAuditEventsRequest>;

/** An entry that was stored: the caller's id, the lake's eventID (a lower-case UUID). Spec 1.2. */
export const AuditEventResultEntry = T.Object({ id: AuditEventId, eventID: AuditEventId });
export type AuditEventResultEntry = Static<typeof AuditEventResultEntry>;

/** An entry that was not stored; `errorCode` is a key of eventErrorCodes. Spec 1.2. */
export const ResultErrorEntry = T.Object({
  id: AuditEventId,
  errorCode: T.String({ minLength: 1, maxLength: 128 }),
  errorMessage: T.String({ minLength: 1, maxLength: limits.errorMessage }),
});
export type ResultErrorEntry = Static<typeof ResultErrorEntry>;

/** Every id of the request is in exactly one of the lists. Spec 1.2. */
export const PutAuditEventsResponse = T.Object({
  successful: T.Array(AuditEventResultEntry, { minItems: 0, maxItems: limits.eventsPerRequest }),
  failed: T.Array(ResultErrorEntry, { minItems: 0, maxItems: limits.eventsPerRequest }),
});
export type PutAuditEventsResponse = Static<typeof PutAuditEventsResponse>;

/** The record a lake keeps of an event. The checksum, the entry's id and the external id are no part of it. Spec 1.8. */
export const StoredEvent = T.Object({
  eventVersion: T.String(),
  eventCategory: T.Literal("ActivityAuditLog"),
  eventType: T.Literal("ActivityLog"),
  eventID: T.String({ minLength: 36, maxLength: 36, pattern: "^[a-f0-9\\-]+$" }),
  eventTime: T.String(),
  awsRegion: T.String(),
  recipientAccountId: T.String(),
  addendum: T.Optional(
    T.Object({
      reason: T.String(),
      updatedFields: T.Optional(T.String()),
      originalUID: T.Optional(T.String()),
      originalEventID: T.Optional(T.String()),
    }),
  ),
  metadata: T.Object({
    /** UTC, `YYYY-MM-DDTHH:MM:SS`. */
    ingestionTime: T.String(),
    channelARN: T.String(),
  }),
  eventData: AuditEventData,
});
export type StoredEvent = Static<typeof StoredEvent>;
