import { Type as T } from "@sinclair/typebox";
import { contentId, defineAdapter, remaining, taking, textAt } from "@tributary/adapter-kit";
import { eventName, nameMembers } from "./event-name.ts";
import { eventTime, timeMembers } from "./event-time.ts";
import { formats } from "./formats.ts";
import { principal } from "./principal.ts";
import { records } from "./records.ts";
import { sourceAddress } from "./source-address.ts";

/** Any object: the mapping refuses what does not say what was done and when, and names the members it looked for. */
const AnyRecord = T.Object(
  Object.fromEntries([...nameMembers, ...timeMembers].map((member) => [member, T.Optional(T.Unknown())])),
);

/**
 * Experimental: MontyCloud publishes no format. eventData as its integration would send it, and JSON records that name
 * action, time and actor in the usual ways.
 */
export const montycloud = defineAdapter({
  name: "montycloud",
  source: "MontyCloud",
  displayName: "MontyCloud",
  experimental: "The vendor publishes no format; the README says what is assumed.",
  record: AnyRecord,
  countsOccurrences: true,
  formats,
  split: records,

  // Nothing says that a UID or an id of an unknown format is one event's: the content tells events apart.
  eventId: (record, { origin }) => {
    const named = textAt(record, "UID") ?? textAt(record, "id");
    return contentId(record, named === undefined ? origin.occurrence : 0, "montycloud");
  },

  toEvent: (record, { id, accountId }) => {
    const take = taking(record);
    const principalId = principal(take);
    return {
      version: take.text("version") ?? "1",
      userIdentity: {
        type: take.text("userIdentity", "type") ?? (principalId === undefined ? "Unknown" : "User"),
        principalId: principalId ?? "unknown",
        details: take.object("userIdentity", "details"),
      },
      userAgent: take.text("userAgent") ?? take.text("user_agent"),
      eventSource: take.text("eventSource") ?? "montycloud.com",
      eventName: eventName(take),
      eventTime: eventTime(record, take),
      UID: take.text("UID") ?? take.text("id") ?? id,
      requestParameters: take.object("requestParameters"),
      responseElements: take.object("responseElements"),
      errorCode: take.text("errorCode"),
      errorMessage: take.text("errorMessage"),
      sourceIPAddress: sourceAddress(record, take),
      additionalEventData: remaining(record, take, accountId),
    };
  },
});
