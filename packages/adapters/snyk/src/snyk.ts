import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, idFrom, textAt } from "@tributary/adapter-kit";
import { auditEvent } from "./audit-event.ts";
import { formats } from "./formats.ts";
import { isDelivery, refuseUnmapped, snykRecords } from "./kinds.ts";
import { recordId } from "./record-id.ts";
import { webhookEvent } from "./webhook-event.ts";

/** An audit log record, which its event makes one, or a webhook delivery, which its payload makes one. Others are refused by name. */
const SnykRecord = T.Object({
  event: T.Optional(T.Unknown()),
  created: T.Optional(T.Unknown()),
});

/**
 * Snyk's audit logs of an organization or a group (REST API, v1 API, EventBridge), and deliveries of its webhooks.
 * Vendor pages: docs.snyk.io, "Search audit logs", "Webhook events and payloads"; CloudTrail Lake's event forwarding.
 */
export const snyk = defineAdapter({
  name: "snyk",
  source: "Snyk",
  displayName: "Snyk.io",
  record: SnykRecord,
  countsOccurrences: true,
  /** Who has the address of an invitation, or the id in it, may join. The kit masks `secret`, `token` and the like. */
  secrets: ["invite", "openInvitePublicId"],
  split: snykRecords,
  formats,
  poll: async () => (await import("./poll.ts")).poll,
  webhook: async () => (await import("./webhook.ts")).webhook,

  eventId: (record, { origin }) => {
    refuseUnmapped(record);
    if (!isDelivery(record)) return recordId(record, origin.occurrence);
    const transport = textAt(record, "transportId");
    return transport === undefined ? contentId(record, origin.occurrence, "snyk") : idFrom(transport);
  },

  toEvent: (record, { id }) => (isDelivery(record) ? webhookEvent(record, id) : auditEvent(record, id)),
});
