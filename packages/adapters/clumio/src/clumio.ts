import { Type as T } from "@sinclair/typebox";
import { compact, contentId, defineAdapter, idFrom, taking, textAt, utcSeconds } from "@tributary/adapter-kit";
import { auditEvents } from "./audit-events.ts";
import { failure } from "./failure.ts";
import { formats } from "./formats.ts";
import { organizationalUnit } from "./organizational-unit.ts";
import { person } from "./person.ts";
import { takeTags } from "./take-tags.ts";

/** An audit event. Actions and categories are open lists; the two together say what happened. */
const AuditEvent = T.Object({
  action: T.String({ pattern: "\\S" }),
  category: T.String({ pattern: "\\S" }),
  timestamp: T.Optional(T.Unknown()),
});

const Options = T.Object({
  eventSource: T.String({
    minLength: 1,
    maxLength: 1024,
    default: "clumio.com",
    description: "eventSource of every event.",
  }),
});

/**
 * Clumio's audit trails: answers of `GET /audit-trails`, version `audit-trails=v1`.
 * Vendor pages: help.clumio.com, List audit trails; Audit report.
 */
export const clumio = defineAdapter({
  name: "clumio",
  source: "Clumio",
  displayName: "Clumio",
  record: AuditEvent,
  options: Options,
  countsOccurrences: true,
  /** `request_body` is what was sent to the API: changes of passwords, tokens of connections. */
  secrets: ["current_password", "new_password", "clumio_token", "tda_passcode"],
  formats,
  split: auditEvents,
  poll: async () => (await import("./poll.ts")).poll,

  eventId: (record, { origin }) => {
    const id = textAt(record, "id");
    return id === undefined ? contentId(record, origin.occurrence, "clumio") : idFrom(id);
  },

  toEvent: (record, { id, options }) => {
    const take = taking(record);
    const email = person(record);
    if (email !== undefined) take.text("user_email");
    const tags = takeTags(record, take);
    return {
      version: "1.0",
      userIdentity: {
        type: email === undefined ? "System" : textAt(record, "interface") === "api" ? "ApiUser" : "User",
        principalId: email ?? "clumio-system",
        details: compact({
          interface: take.value("interface"),
          organizationalUnit: organizationalUnit(tags),
        }),
      },
      eventSource: options.eventSource,
      eventName: `${record.category}.${record.action}`,
      eventTime: utcSeconds(record.timestamp),
      UID: take.text("id") ?? id,
      requestParameters: compact({
        requestBody: take.value("details_json", "request_body") ?? take.value("details", "request_body"),
        primaryEntity: take.value("primary_entity"),
        parentEntity: take.value("parent_entity"),
      }),
      responseElements: compact({ status: take.value("status") }),
      errorCode: failure(record),
      sourceIPAddress: take.ipAddress("ip_address"),
      additionalEventData: compact({ apiVersion: "audit-trails=v1", tags, ...take.rest() }),
    };
  },
});
