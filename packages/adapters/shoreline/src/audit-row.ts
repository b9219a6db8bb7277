import { compact } from "@tributary/adapter-kit";
import type { EventData, Taking } from "@tributary/adapter-kit";
import { eventTime } from "./event-time.ts";
import { operation } from "./operation.ts";

/** Statuses that are no failure. The vendor's list could not be read: any other becomes the errorCode. */
const noFailure: ReadonlySet<string> = new Set([
  "success",
  "succeeded",
  "completed",
  "ok",
  // Of an operation that has not ended.
  "started",
  "running",
  "pending",
  "in progress",
]);

/** A row of the audit log as an event. Times without a zone are in the zone given. */
export function auditRow(
  record: { readonly details: string },
  take: Taking,
  id: string,
  zone: string | undefined,
): EventData {
  take.text("details");
  const { name, object } = operation(record.details);
  const user = take.text("user");
  const status = take.text("status");
  return {
    version: "1",
    userIdentity: { type: user === undefined ? "System" : "User", principalId: user ?? "shoreline" },
    eventSource: "shoreline.io",
    eventName: name,
    eventTime: eventTime(record, take, "timestamp", zone),
    UID: id,
    requestParameters: compact({ details: record.details, object }),
    responseElements: compact({ status }),
    errorCode: status === undefined || noFailure.has(status.trim().toLowerCase()) ? undefined : status,
    additionalEventData: take.rest(),
  };
}
