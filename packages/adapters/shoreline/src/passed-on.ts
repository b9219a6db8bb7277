import type { EventData, Taking } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import { remaining } from "./remaining.ts";

/** eventData as it is; what may not be absent is filled, what has another type than eventData's goes to additionalEventData. */
export function passedOn(
  record: { readonly eventName: string },
  take: Taking,
  id: string,
  accountId: string,
): EventData {
  take.text("eventName");
  return {
    version: take.text("version") ?? "1",
    userIdentity: {
      type: take.text("userIdentity", "type") ?? "Unknown",
      principalId: take.text("userIdentity", "principalId") ?? "unknown",
      details: take.object("userIdentity", "details"),
    },
    userAgent: take.text("userAgent"),
    eventSource: take.text("eventSource") ?? "shoreline.io",
    eventName: record.eventName,
    eventTime: eventTime(record, take, "eventTime"),
    UID: take.text("UID") ?? id,
    requestParameters: take.object("requestParameters"),
    responseElements: take.object("responseElements"),
    errorCode: take.text("errorCode"),
    errorMessage: take.text("errorMessage"),
    sourceIPAddress: take.ipAddress("sourceIPAddress"),
    additionalEventData: remaining(record, take, accountId),
  };
}
