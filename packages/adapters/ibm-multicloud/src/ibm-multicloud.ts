import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, remaining, taking, textAt } from "@tributary/adapter-kit";
import { activityEvents } from "./activity-events.ts";
import { eventSource } from "./event-source.ts";
import { eventTime } from "./event-time.ts";
import { formats } from "./formats.ts";

/** eventData. Its time is what every event has too; where it is missing the refusal says so. */
const ActivityEvent = T.Object({
  eventName: T.String({ pattern: "\\S" }),
  eventSource: T.String({ pattern: "\\S" }),
  eventTime: T.Optional(T.Unknown()),
});

/**
 * Activity events of IBM Multicloud (Nordcloud): they are eventData already. Vendor page: github.com/nordcloud,
 * cloudtrail-activity-events.
 */
export const ibmMulticloud = defineAdapter({
  name: "ibm-multicloud",
  source: "IBMMulticloud",
  displayName: "IBM Multicloud",
  record: ActivityEvent,
  countsOccurrences: true,
  formats,
  split: activityEvents,

  // The UID is whatever the vendor writes, in its examples the same text for every event: the content tells events apart.
  eventId: (record, { origin }) =>
    contentId(record, textAt(record, "UID") === undefined ? origin.occurrence : 0, "ibm-multicloud"),

  toEvent: (record, { id, accountId }) => {
    const take = taking(record);
    take.text("eventName");
    return {
      version: take.text("version") ?? "v1",
      userIdentity: {
        type: take.text("userIdentity", "type") ?? "Unknown",
        principalId: take.text("userIdentity", "principalId") ?? "unknown",
        details: take.object("userIdentity", "details"),
      },
      userAgent: take.text("userAgent"),
      eventSource: eventSource(record.eventSource, take),
      eventName: record.eventName,
      eventTime: eventTime(record.eventTime, take),
      UID: take.text("UID") ?? id,
      requestParameters: take.object("requestParameters"),
      responseElements: take.object("responseElements"),
      errorCode: take.text("errorCode") ?? (record.eventName.endsWith(".failed") ? "Failed" : undefined),
      errorMessage: take.text("errorMessage"),
      sourceIPAddress: take.ipAddress("sourceIPAddress"),
      additionalEventData: remaining(record, take, accountId),
    };
  },
});
