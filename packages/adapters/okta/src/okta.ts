import { Type as T } from "@sinclair/typebox";
import { compact, contentId, defineAdapter, idFrom, taking, textAt, utcSeconds } from "@tributary/adapter-kit";
import { failure } from "./failure.ts";
import { formats } from "./formats.ts";
import { logEvents } from "./log-events.ts";

/** A LogEvent. `published` is what every one has too; where it is missing the refusal says so. */
const LogEvent = T.Object({
  eventType: T.String({ pattern: "\\S" }),
  published: T.Optional(T.Unknown()),
});

/**
 * Okta's System Log: pages and exports of `/api/v1/logs`, event hook bodies, log streaming through EventBridge.
 * Vendor page: developer.okta.com, System Log API, LogEvent.
 */
export const okta = defineAdapter({
  name: "okta",
  source: "OktaSystemLogEvents",
  displayName: "Okta System Log",
  record: LogEvent,
  countsOccurrences: true,
  formats,
  split: logEvents,
  poll: async () => (await import("./poll.ts")).poll,
  webhook: async () => (await import("./webhook.ts")).webhook,

  eventId: (record, { origin }) => {
    const uuid = textAt(record, "uuid");
    return uuid === undefined ? contentId(record, origin.occurrence, "okta") : idFrom(uuid);
  },

  toEvent: (record, { id }) => {
    const take = taking(record);
    take.text("eventType");
    const { errorCode, errorMessage } = failure(record);
    return {
      version: take.text("version") ?? "0",
      userIdentity: {
        type: take.text("actor", "type") ?? "Unknown",
        principalId:
          take.text("actor", "id") ??
          textAt(record, "actor", "alternateId") ??
          textAt(record, "actor", "displayName") ??
          "unknown",
        details: compact({
          alternateId: take.value("actor", "alternateId"),
          displayName: take.value("actor", "displayName"),
          detailEntry: take.value("actor", "detailEntry"),
          sessionId: take.value("authenticationContext", "externalSessionId"),
          rootSessionId: take.value("authenticationContext", "rootSessionId"),
          credentialType: take.value("authenticationContext", "credentialType"),
          apiTokenId: textAt(record, "transaction", "detail", "requestApiTokenId"),
        }),
      },
      userAgent: take.text("client", "userAgent", "rawUserAgent"),
      eventSource: "okta.system-log-events",
      eventName: record.eventType,
      eventTime: utcSeconds(record.published),
      UID: take.text("uuid") ?? id,
      requestParameters: compact({
        target: take.value("target"),
        transaction: take.value("transaction"),
        requestUri: take.value("debugContext", "debugData", "requestUri"),
        requestId: take.value("debugContext", "debugData", "requestId"),
      }),
      responseElements: compact({
        outcome: take.value("outcome"),
        displayMessage: take.value("displayMessage"),
        severity: take.value("severity"),
      }),
      errorCode,
      errorMessage,
      sourceIPAddress:
        take.ipAddress("client", "ipAddress") ??
        take.ipAddress("request", "ipChain", 0, "ip") ??
        take.ipAddress("client", "ipChain", 0, "ip"),
      additionalEventData: take.rest(),
    };
  },
});
