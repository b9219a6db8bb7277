import { textAt, valueAt } from "@tributary/adapter-kit";
import { knownAt } from "./known.ts";

/** What a record is, in the words of the API's endpoints: `events/audit`, `alerts/dlp`. */
export interface Kind {
  readonly family: "event" | "alert";
  readonly type: string;
}

/** Types of records that go by another name at their endpoint. */
const endpointOf: ReadonlyMap<string, string> = new Map([
  ["adminauditlogs", "audit"],
  ["connection", "page"],
]);

/** `eventSource` of a kind, as Netskope's own plugin names it: `netskopeevent.audit`, `netskopealert.dlp`. */
export function eventSourceOf({ family, type }: Kind): string {
  return `netskope${family}.${type}`;
}

/**
 * The kind of a flat record: by `record_type` where it says so, else by what alerts, incidents and the types of events have.
 * A policy's alert often has no `alert_type`.
 */
export function kindOf(record: unknown): Kind {
  if (knownAt(record, "audit_log_event") !== undefined) return { family: "event", type: "audit" };
  const alertType = knownAt(record, "alert_type");
  const recordType = knownAt(record, "record_type")?.toLowerCase();
  const type = knownAt(record, "type");
  const alerts = textAt(record, "alert")?.toLowerCase() === "yes" || alertType !== undefined;
  if (recordType === "alert" || (recordType === undefined && alerts))
    return { family: "alert", type: named(alertType ?? policy(type)) };
  if (recordType !== undefined) return { family: "event", type: named(recordType) };
  if (type !== undefined) return { family: "event", type: named(type === "nspolicy" ? "application" : type) };
  return { family: "event", type: valueAt(record, "dlp_incident_id") === undefined ? "other" : "incident" };
}

const policy = (type: string | undefined): string => (type === undefined || type === "nspolicy" ? "policy" : type);

/** "Security Assessment" is `securityassessment`, "DLP" is `dlp`. */
export function named(type: string): string {
  const name = type.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return endpointOf.get(name) ?? name;
}
