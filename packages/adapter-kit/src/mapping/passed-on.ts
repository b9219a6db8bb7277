import type { EventData } from "../contract/event-data.ts";
import { remaining } from "./remaining.ts";
import type { Taking } from "./taking.ts";

/** What a record in eventData's own form is given where it lacks it, and what is known of it. */
export interface PassedOn {
  readonly id: string;
  readonly accountId: string;
  /** Where the record names none. */
  readonly eventSource: string;
  /** As {@link EventData} wants it; taken by the caller if it says all that the record's time says. */
  readonly eventTime: string;
}

/** eventData as it is; what may not be absent is filled, what has another type than eventData's goes to additionalEventData. */
export function passedOn(record: { readonly eventName: string }, take: Taking, given: PassedOn): EventData {
  take.text("eventName");
  return {
    version: take.text("version") ?? "1",
    userIdentity: {
      type: take.text("userIdentity", "type") ?? "Unknown",
      principalId: take.text("userIdentity", "principalId") ?? "unknown",
      details: take.object("userIdentity", "details"),
    },
    userAgent: take.text("userAgent"),
    eventSource: take.text("eventSource") ?? given.eventSource,
    eventName: record.eventName,
    eventTime: given.eventTime,
    UID: take.text("UID") ?? given.id,
    requestParameters: take.object("requestParameters"),
    responseElements: take.object("responseElements"),
    errorCode: take.text("errorCode"),
    errorMessage: take.text("errorMessage"),
    sourceIPAddress: take.ipAddress("sourceIPAddress"),
    additionalEventData: remaining(record, take, given.accountId),
  };
}
