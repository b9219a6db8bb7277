import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, passedOn, Refused, taking, textAt } from "@tributary/adapter-kit";
import { auditRow } from "./audit-row.ts";
import { eventTime } from "./event-time.ts";
import { formats } from "./formats.ts";
import { isAuditRow } from "./is-audit-row.ts";
import { isEventData } from "./is-event-data.ts";
import { records } from "./records.ts";

/** Any object: the mapping tells the two kinds apart, and refuses what is neither with their names. */
const AnyRecord = T.Object({
  details: T.Optional(T.Unknown()),
  timestamp: T.Optional(T.Unknown()),
  eventName: T.Optional(T.Unknown()),
  eventTime: T.Optional(T.Unknown()),
});

const Options = T.Object({
  zone: T.Optional(
    T.String({
      pattern: "^(?:Z|[+-]\\d\\d:\\d\\d)$",
      description: "The zone of times that name none, Z or an offset such as +02:00. Default Z.",
    }),
  ),
});

/**
 * Rows of Shoreline's audit log, experimental in what their columns hold, and eventData as its agent sends it.
 * Vendor pages: docs.shoreline.io, Audit; docs.shoreline.io, AWS CloudTrail Lake Integration.
 */
export const shoreline = defineAdapter({
  name: "shoreline",
  source: "Shoreline",
  displayName: "Shoreline.io",
  experimental:
    "The vendor publishes the columns of its audit log, but not what they hold; the README says what is assumed.",
  record: AnyRecord,
  options: Options,
  countsOccurrences: true,
  formats,
  split: records,

  // Rows have no id. A UID of eventData may belong to more than one event: the content tells them apart.
  eventId: (record, { origin }) =>
    contentId(record, textAt(record, "UID") === undefined ? origin.occurrence : 0, "shoreline"),

  toEvent: (record, { id, accountId, options }) => {
    const take = taking(record);
    if (isEventData(record)) {
      const known = { id, accountId, eventSource: "shoreline.io", eventTime: eventTime(record, take, "eventTime") };
      return passedOn(record, take, known);
    }
    if (isAuditRow(record)) return auditRow(record, take, id, options.zone);
    throw new Refused(
      "RECORD_NOT_RECOGNISED",
      "This is neither a row of the audit log (a column details) nor eventData (eventName).",
    );
  },
});
