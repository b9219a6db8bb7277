import { compact, readUtcSeconds, Refused, taking, textAt, valueAt } from "@tributary/adapter-kit";
import type { EventData, Origin } from "@tributary/adapter-kit";
import { callName } from "./call-name.ts";
import { failure } from "./failure.ts";

/**
 * An event of Konnect's or a Dev Portal's audit log: an attempt to log in, a check of permissions, a call of the API. Webhook
 * (JSON, CEF, CPS) and API name some members differently.
 * @param name what the event is called where nothing says more
 */
export function konnectEvent(record: unknown, name: string, id: string, origin: Origin): EventData {
  const take = taking(record);
  const who = take.text("principal_id") ?? textAt(record, "actor_id");
  return {
    version: textAt(record, "event_version") ?? "1.0",
    userIdentity: {
      type: textAt(record, "kong_initiated") === "true" ? "Kong" : who === undefined ? "Anonymous" : "User",
      principalId: who ?? "anonymous",
      details: compact({
        actorId: take.text("actor_id"),
        organizationId: take.text("org_id"),
        portalId: take.text("portal_id"),
      }),
    },
    userAgent: take.text("user_agent"),
    eventSource: "kong-konnect",
    eventName: nameOf(record, name),
    eventTime: timeOf(record, origin),
    UID: take.text("sig") ?? konnectSignature(record) ?? id,
    requestParameters: compact({
      act: take.value("act"),
      method: take.value("method"),
      request: take.value("request"),
      uri: take.value("uri"),
      query: take.value("query"),
      action: take.value("action"),
      resource: take.value("resource"),
      service: take.value("service"),
      authentication_type: take.value("authentication_type"),
    }),
    responseElements: compact({
      status: take.value("status"),
      status_code: take.value("status_code"),
      success: take.value("success"),
      successful: take.value("successful"),
      outcome: take.value("outcome"),
      granted: take.value("granted"),
    }),
    errorCode: errorOf(record),
    sourceIPAddress: take.ipAddress("src") ?? take.ipAddress("client_ip"),
    additionalEventData: take.rest(),
  };
}

/**
 * The signature of a record of the API where it identifies the record: an Ed25519 signature (64 bytes of base64url) is the
 * same at every reading. What else stands there is not known to be.
 */
export function konnectSignature(record: unknown): string | undefined {
  const signature = textAt(record, "signature");
  return signature !== undefined && /^[-_A-Za-z0-9]{86}(?:==)?$/.test(signature) ? signature : undefined;
}

function nameOf(record: unknown, name: string): string {
  const method = textAt(record, "act") ?? textAt(record, "method");
  const path = textAt(record, "request") ?? textAt(record, "uri");
  if (method !== undefined && path !== undefined) return callName(method, path);
  const action = textAt(record, "action");
  if (action !== undefined) return `${name}.${action}`;
  const authentication = textAt(record, "authentication_type");
  if (authentication !== undefined) return `AUTHENTICATION_TYPE_${authentication.toUpperCase()}`;
  return textAt(record, "event_class_id") ?? name;
}

function errorOf(record: unknown): string | undefined {
  if (textAt(record, "granted") === "false") return "NOT_GRANTED";
  const succeeded = textAt(record, "success") ?? textAt(record, "successful");
  if (succeeded === "false") return textAt(record, "outcome") ?? textAt(record, "name") ?? "FAILED";
  return failure(textAt(record, "status") ?? textAt(record, "status_code"));
}

/** `rt` is unreadable in some lines, far off in others: then the time the line was written with. */
function timeOf(record: unknown, { receivedAt }: Origin): string {
  const time =
    readUtcSeconds(valueAt(record, "rt")) ??
    readUtcSeconds(valueAt(record, "ts")) ??
    readUtcSeconds(valueAt(record, "event_ts")) ??
    writtenAt(textAt(record, "cef_prefix"), receivedAt);
  if (time !== undefined) return time;
  throw new Refused("TIME_MISSING", "The record has no readable rt, ts or event_ts; eventTime is required.", "/rt");
}

/** The time before a line of CEF: ISO 8601 or, without a year, as syslog has it. */
function writtenAt(prefix: string | undefined, near: string): string | undefined {
  const [iso] = prefix?.split(" ", 1) ?? [];
  return readUtcSeconds(iso) ?? readUtcSeconds(prefix?.slice(0, "Jan 31 12:00:00".length), { near });
}
