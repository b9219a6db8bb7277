import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, idFrom, passedOn, Refused, taking, textAt } from "@tributary/adapter-kit";
import { busEvent } from "./bus-event.ts";
import { eventTime } from "./event-time.ts";
import { formats } from "./formats.ts";
import { isBusEvent } from "./is-bus-event.ts";
import { isEventData } from "./is-event-data.ts";
import { isMessage } from "./is-message.ts";
import { notification } from "./notification.ts";
import { records } from "./records.ts";

/** Any object: the mapping tells the kinds apart, and refuses what is none of them with their names. */
const AnyRecord = T.Object({
  Type: T.Optional(T.Unknown()),
  Message: T.Optional(T.Unknown()),
  Timestamp: T.Optional(T.Unknown()),
  eventName: T.Optional(T.Unknown()),
  eventTime: T.Optional(T.Unknown()),
});

/**
 * Experimental: Cloud Storage Security publishes no format of its audit records. Notifications of its SNS topic and of its
 * EventBridge bus, whose attributes are documented, and eventData as its console would send it.
 * Vendor page: help.cloudstoragesec.com, Proactive Notifications.
 */
export const cloudStorageSecurity = defineAdapter({
  name: "cloud-storage-security",
  source: "CloudStorageSecurityConsole",
  displayName: "Cloud Storage Security",
  experimental:
    "The vendor publishes no format of its audit records or of its notifications' bodies; the README says what is assumed.",
  record: AnyRecord,
  countsOccurrences: true,
  formats,
  split: records,

  eventId: (record, { origin }) => {
    const given = isMessage(record)
      ? textAt(record, "MessageId")
      : isBusEvent(record)
        ? textAt(record, "id")
        : undefined;
    if (given !== undefined) return idFrom(given);
    // A UID of eventData may belong to more than one event: the content tells them apart.
    return contentId(record, textAt(record, "UID") === undefined ? origin.occurrence : 0, "cloud-storage-security");
  },

  toEvent: (record, { id, accountId }) => {
    const take = taking(record);
    if (isMessage(record)) return notification(record, take, id);
    if (isBusEvent(record)) return busEvent(record, take, id);
    if (isEventData(record)) {
      const known = {
        id,
        accountId,
        eventSource: "cloudstoragesec.com",
        eventTime: eventTime(record, take, "eventTime"),
      };
      return passedOn(record, take, known);
    }
    throw new Refused(
      "RECORD_NOT_RECOGNISED",
      "This is no message of SNS (Type, Message), no event of EventBridge (detail-type) and no eventData (eventName).",
    );
  },

  webhook: async () => (await import("./webhook.ts")).webhook,
});
