import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, idFrom, text, textAt, valueAt } from "@tributary/adapter-kit";
import { entryEvent } from "./entry-event.ts";
import { findingEvent, findingRevision } from "./finding-event.ts";
import { formats } from "./formats.ts";
import { records } from "./records.ts";

/** An entry of the audit log: only its action makes it one. */
const Entry = T.Object({
  action: T.String({ pattern: "\\S" }),
  timestamp: T.Optional(T.Unknown()),
});

/** An issue or a detection as the API shows it, and as webhooks send detections. */
const Finding = T.Object({ id: T.String({ pattern: "\\S" }), severity: T.String(), createdAt: T.Unknown() });

/** The body of an issue's webhook, which can be edited: what it says of the issue is in `issue`. */
const IssueNotice = T.Object({ issue: T.Object({ id: T.String({ pattern: "\\S" }) }), trigger: T.Unknown() });

/**
 * Wiz: entries of the audit log, and issues and detections with their revisions; from the GraphQL API, from webhooks, and as
 * collectors that write members in lower case keep them.
 * Vendor pages: docs.wiz.io, "Audit Logs", "Issues" and "Webhooks" (for customers).
 */
export const wiz = defineAdapter({
  name: "wiz",
  source: "WizAuditLogs",
  displayName: "Wiz",
  record: T.Union([Entry, Finding, IssueNotice]),
  countsOccurrences: true,
  split: records,
  formats,
  poll: async () => (await import("./poll.ts")).poll,
  webhook: async () => (await import("./webhook.ts")).webhook,

  eventId: (record, { origin }) => {
    const id = isEntry(record) ? textAt(record, "id") : findingRevision(record);
    return id === undefined ? contentId(record, origin.occurrence, "wiz") : idFrom(id);
  },

  toEvent: (record, { id }) => (isEntry(record) ? entryEvent(record, id) : findingEvent(record, id)),
});

function isEntry(record: object): record is { readonly action: string } {
  const action = valueAt(record, "action");
  return typeof action === "string" && text(action) !== undefined;
}
