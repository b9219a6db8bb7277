import { compact, Refused, taking, textAt } from "@tributary/adapter-kit";
import type { EventData } from "@tributary/adapter-kit";
import { actor } from "./actor.ts";
import { auditTime } from "./audit-time.ts";
import { failure } from "./failure.ts";
import { single, singles } from "./singles.ts";
import { takeAddress } from "./take-address.ts";

/**
 * The event of an audit log record: flat as GitHub writes it, with most members in `data` as Enterprise Server does, or a
 * warehouse's copy with `at_sign_timestamp`. `id` is the event's id, the UID of a record that has none of its own.
 */
export function auditEvent(record: unknown, id: string): EventData {
  const take = taking(record);
  const action = take.text("action");
  if (action === undefined)
    throw new Refused(
      "RECORD_NOT_RECOGNISED",
      "The action of the record is blank: it says not what happened.",
      "/action",
    );
  const documentId = take.text("_document_id") ?? take.text("data", "_document_id");
  const status = take.text("status_code");
  const { type, principalId } = actor(record);
  const { errorCode, errorMessage } = failure(action, status, record);
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
          textAt(record, "actor_location", "country_code") ?? textAt(record, "data", "actor_location", "country_code"),
      }),
    },
    userAgent: take.text("user_agent") ?? take.text("data", "user_agent"),
    eventSource: "github.audit.streaming",
    eventName: action,
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
      at_sign_timestamp: take.value("at_sign_timestamp"),
    }),
    requestParameters: singles(take.rest()),
  };
}
