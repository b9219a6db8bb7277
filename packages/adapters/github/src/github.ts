import { Type as T } from "@sinclair/typebox";
import { compact, contentId, defineAdapter, idFrom, taking, textAt } from "@tributary/adapter-kit";
import { actor } from "./actor.ts";
import { failure } from "./failure.ts";
import { formats } from "./formats.ts";
import { auditTime } from "./audit-time.ts";
import { auditRecords } from "./other-kinds.ts";
import { single, singles } from "./singles.ts";
import { takeAddress } from "./take-address.ts";

/** Epoch milliseconds up to what an eventID can carry, or a text: GitHub documents the number, other tools write it as text. */
const Time = T.Union([T.Integer({ minimum: 0, maximum: 4_294_967_295_999 }), T.String(), T.Null()]);

/** An open-ended flat record: only its action makes it one. A webhook's `repository` is an object, here it is a name. */
const AuditRecord = T.Object({
  action: T.String({ minLength: 1 }),
  "@timestamp": T.Optional(Time),
  created_at: T.Optional(Time),
  repository: T.Optional(T.Union([T.String(), T.Null()])),
});

/**
 * GitHub's audit log of an enterprise or an organization: streamed files, REST API pages, and the records of Enterprise
 * Server with most members in `data`.
 * Vendor pages: docs.github.com "Streaming the audit log for your enterprise", "Audit log events for your enterprise".
 */
export const github = defineAdapter({
  name: "github",
  source: "GitHub",
  displayName: "GitHub",
  record: AuditRecord,
  countsOccurrences: true,
  /** Digests of tokens, names of secrets, the URLs of webhooks, which may carry a key. The kit masks `secret`, `token` and the like. */
  secrets: [
    "hashed_token",
    "secrets_passed",
    "/config/url",
    "/config_was/url",
    "/old_config/url",
    "/data/config/url",
    "/data/config_was/url",
    "/data/old_config/url",
  ],
  split: auditRecords,
  formats,

  eventId: (record, { origin }) => {
    const id = documentIdOf(record);
    return id === undefined ? contentId(record, origin.occurrence, "github") : idFrom(id);
  },

  toEvent: (record, { id }) => {
    const take = taking(record);
    take.text("action");
    const documentId = take.text("_document_id") ?? take.text("data", "_document_id");
    const status = take.text("status_code");
    const { type, principalId } = actor(record);
    const { errorCode, errorMessage } = failure(record.action, status, record);
    return {
      version: "1",
      userIdentity: {
        type,
        principalId,
        details: compact({
          actor: take.text("actor"),
          actor_id: take.text("actor_id"),
          external_identity_nameid: take.text("external_identity_nameid"),
          external_identity_username: take.text("external_identity_username"),
          token_id: take.text("token_id"),
          token_scopes: take.text("token_scopes"),
          programmatic_access_type: take.text("programmatic_access_type"),
          GitHubOrganization: single(record, take, "org"),
          Repository: single(record, take, "repo"),
          Location:
            textAt(record, "actor_location", "country_code") ??
            textAt(record, "data", "actor_location", "country_code"),
        }),
      },
      userAgent: take.text("user_agent") ?? take.text("data", "user_agent"),
      eventSource: "github.audit.streaming",
      eventName: record.action,
      eventTime: auditTime(record),
      UID: documentId ?? id,
      errorCode,
      errorMessage,
      sourceIPAddress: takeAddress(record, take),
      responseElements: compact({ status_code: status }),
      additionalEventData: compact({
        operation_type: take.value("operation_type"),
        actor_location: take.value("actor_location"),
        business: take.value("business"),
        business_id: take.value("business_id"),
        "@timestamp": take.value("@timestamp"),
        created_at: take.value("created_at"),
      }),
      requestParameters: singles(take.rest()),
    };
  },
});

/** `_document_id`, which legacy API records and some git events lack; Enterprise Server keeps it in `data`. */
function documentIdOf(record: unknown): string | undefined {
  return textAt(record, "_document_id") ?? textAt(record, "data", "_document_id");
}
