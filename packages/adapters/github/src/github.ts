import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, idFrom, textAt } from "@tributary/adapter-kit";
import { auditEvent } from "./audit-event.ts";
import { formats } from "./formats.ts";
import { githubRecords, isDelivery, refuseUnmapped } from "./kinds.ts";
import { GithubOptions } from "./options.ts";
import { webhookEvent } from "./webhook-event.ts";

/**
 * An open-ended flat record of the audit log, which its action makes one, or a webhook delivery, which its payload makes
 * one. A record with neither is refused by name.
 */
const GithubRecord = T.Object({
  action: T.Optional(T.Union([T.String(), T.Null()])),
  "@timestamp": T.Optional(T.Unknown()),
  created_at: T.Optional(T.Unknown()),
});

/**
 * GitHub's audit log of an enterprise or an organization (streamed files, REST API pages, the records and syslog lines of
 * Enterprise Server, warehouse copies), and webhook deliveries of its other events.
 * Vendor pages: docs.github.com "Streaming the audit log for your enterprise", "Audit log events for your enterprise",
 * "Webhook events and payloads".
 */
export const github = defineAdapter({
  name: "github",
  source: "GitHub",
  displayName: "GitHub",
  record: GithubRecord,
  options: GithubOptions,
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
    "/request/payload/hook/config/url",
  ],
  split: githubRecords,
  formats,
  poll: async () => (await import("./poll.ts")).poll,
  webhook: async () => (await import("./webhook.ts")).webhook,

  eventId: (record, { origin }) => {
    refuseUnmapped(record);
    const id = ownIdOf(record);
    return id === undefined ? contentId(record, origin.occurrence, "github") : idFrom(id);
  },

  toEvent: (record, context) => (isDelivery(record) ? webhookEvent(record, context) : auditEvent(record, context.id)),
});

/**
 * `guid` of a delivery (X-GitHub-Delivery, one for all webhooks that were told of an event), `_document_id` of an audit log
 * record, which legacy API records and some git events lack; Enterprise Server keeps it in `data`.
 */
function ownIdOf(record: unknown): string | undefined {
  if (isDelivery(record)) return textAt(record, "guid");
  return textAt(record, "_document_id") ?? textAt(record, "data", "_document_id");
}
