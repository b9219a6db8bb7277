import { textAt, valueAt } from "@tributary/adapter-kit";
import { endpointName } from "./endpoint-name.ts";
import { knownAt } from "./known-at.ts";

/** What a record is, in the words of the API's endpoints: `events/audit`, `alerts/dlp`. */
export interface Kind {
  readonly family: "event" | "alert";
  readonly type: string;
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
    return { family: "alert", type: endpointName(alertType ?? policy(type)) };
  if (recordType !== undefined) return { family: "event", type: endpointName(recordType) };
  if (type !== undefined) return { family: "event", type: endpointName(type === "nspolicy" ? "application" : type) };
  return { family: "event", type: valueAt(record, "dlp_incident_id") === undefined ? "other" : "incident" };
}

const policy = (type: string | undefined): string => (type === undefined || type === "nspolicy" ? "policy" : type);
