import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, idFrom, rest, textAt } from "@tributary/adapter-kit";
import { formats } from "./formats.ts";
import { kindOf } from "./kind-of.ts";
import { konnectEvent, konnectSignature } from "./konnect-event.ts";
import { objectEvent } from "./object-event.ts";
import { options } from "./options.ts";
import { records } from "./records.ts";
import { requestEvent } from "./request-event.ts";
import { secrets } from "./secrets.ts";
import { trafficEvent } from "./traffic-event.ts";

const Named = T.String({ pattern: "\\S" });

/** `GET /audit/requests` of the Admin API. A path may be empty. */
const AuditRequest = T.Object({ method: Named, path: T.String(), request_timestamp: T.Optional(T.Unknown()) });

/** `GET /audit/objects` of the Admin API. */
const AuditObject = T.Object({ dao_name: Named, operation: Named, request_timestamp: T.Optional(T.Unknown()) });

/** What log plugins write. */
const Traffic = T.Object({ request: T.Object({ method: T.Optional(T.Unknown()) }), started_at: T.Unknown() });

/** Konnect's audit log by webhook, in any of its formats. */
const KonnectPush = T.Object({ event_product: Named, name: Named, rt: T.Optional(T.Unknown()) });

/** Konnect's audit log by its API. */
const KonnectPull = T.Object({ type: Named, ts: T.Unknown(), org_id: T.Unknown() });

/**
 * Kong: the audit log of a gateway's Admin API (requests and objects), the audit log of Konnect and its Dev Portals (webhook
 * and API), and the traffic that log plugins write.
 * Vendor pages: developer.konghq.com, "Kong Gateway audit logs", "Konnect and Dev Portal audit logs", "HTTP Log".
 */
export const kong = defineAdapter({
  name: "kong",
  source: "KongGatewayEnterprise",
  displayName: "Kong Gateway and Konnect",
  record: T.Union([AuditRequest, AuditObject, Traffic, KonnectPush, KonnectPull]),
  options,
  countsOccurrences: true,
  secrets,
  split: records,
  formats,
  poll: async () => (await import("./poll.ts")).poll,
  webhook: async () => (await import("./webhook.ts")).webhook,

  eventId: (record, { origin }) => {
    const id = idOf(record);
    if (id !== undefined) return idFrom(id);
    // Signatures of Konnect's API that may differ from one reading to the next are no content.
    const content = kindOf(record)?.kind === "pull" ? rest(record, ["/signature"]) : record;
    return contentId(content, origin.occurrence, "kong");
  },

  toEvent: (record, { id, origin, options: settings }) => {
    const kind = kindOf(record);
    switch (kind?.kind) {
      case "request":
        return requestEvent(record, kind, id, settings);
      case "object":
        return objectEvent(record, kind, id, settings);
      case "push":
      case "pull":
        return konnectEvent(record, kind.name, id, origin);
      case "traffic":
      case undefined:
      default:
        return trafficEvent(record, id, settings);
    }
  },
});

/** The vendor's own id, if the record has one. */
function idOf(record: unknown): string | undefined {
  switch (kindOf(record)?.kind) {
    case "object":
      return textAt(record, "id");
    case "traffic":
      return textAt(record, "request", "id");
    case "push":
      return textAt(record, "sig");
    case "pull":
      return konnectSignature(record);
    case "request":
    case undefined:
    default:
      return textAt(record, "request_id");
  }
}
