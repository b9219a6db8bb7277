import { Type as T } from "@sinclair/typebox";
import { isObject, Refused, textAt, valueAt } from "@tributary/adapter-kit";
import type { BuiltIn } from "./built-in.ts";
import { namesOf, speltAs } from "./spelt-as.ts";

const names = namesOf(["insertId", "logName", "protoPayload", "receiveTimestamp", "timestamp", "resource", "severity"]);
const auditLog = "type.googleapis.com/google.cloud.audit.AuditLog";
const status = "/protoPayload/status/code";
const principal = "/protoPayload/authenticationInfo";

/**
 * Google Cloud audit logs: LogEntry with a protoPayload of type AuditLog, as Logging, its sinks and Pub/Sub write it.
 * cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry, .../docs/audit/reference/auditlog/rest/Shared.Types/AuditLog.
 * insertId alone repeats: logName, timestamp and insertId together identify an entry. Warehouses write the names in lower
 * case and `at_sign_type` for `@type`.
 */
export const gcpAudit: BuiltIn = {
  name: "gcp-audit",
  displayName: "Google Cloud audit LogEntry",
  record: T.Object({
    protoPayload: T.Object({ methodName: T.Optional(T.String()) }),
    timestamp: T.Optional(T.Unknown()),
  }),
  is: (value) => isObject(value) && isObject(valueAt(speltAs(value, names), "protoPayload")),
  read: (value) => [isObject(value) ? speltAs(value, names) : value],
  otherKind: (record) => {
    const type = textAt(record, "protoPayload", "@type") ?? textAt(record, "protoPayload", "at_sign_type");
    return type === undefined || type === auditLog
      ? undefined
      : new Refused(
          "LOG_ENTRY_NOT_AUDIT",
          "This LogEntry holds another protoPayload than an AuditLog: send the logs cloudaudit.googleapis.com only.",
          "/protoPayload/@type",
        );
  },
  mapping: {
    version: 1,
    name: "gcp-audit",
    id: { all: ["/logName", "/timestamp", "/insertId"] },
    event: {
      userIdentity: {
        type: [
          { cut: `${principal}/principalSubject`, before: ":" },
          {
            map: { "gserviceaccount.com": "serviceAccount" },
            from: [
              { cut: `${principal}/principalEmail`, afterLast: ".iam." },
              { cut: { cut: `${principal}/principalEmail`, after: "@" }, after: "." },
            ],
          },
          { when: { [`${principal}/principalEmail`]: { exists: true } }, use: { const: "user" } },
        ],
        principalId: [`${principal}/principalEmail`, `${principal}/principalSubject`, `${principal}/authoritySelector`],
        details: principal,
      },
      userAgent: "/protoPayload/requestMetadata/callerSuppliedUserAgent",
      eventSource: ["/protoPayload/serviceName", { const: "cloudaudit.googleapis.com" }],
      eventName: [
        "/protoPayload/methodName",
        "/protoPayload/metadata/methodName",
        "/protoPayload/authorizationInfo/*/permission",
      ],
      eventTime: ["/timestamp", "/protoPayload/requestMetadata/requestAttributes/time", "/receiveTimestamp"],
      UID: "/insertId",
      requestParameters: "/protoPayload/request",
      responseElements: "/protoPayload/response",
      errorCode: { when: { [status]: { min: 1 } }, use: status },
      errorMessage: { when: { [status]: { min: 1 } }, use: "/protoPayload/status/message" },
      sourceIPAddress: ["/protoPayload/requestMetadata/callerIp", "/protoPayload/requestMetadata/callerIP"],
    },
  },
};
