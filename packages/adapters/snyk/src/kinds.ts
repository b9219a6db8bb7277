import { isObject, refuseOtherKinds, valueAt } from "@tributary/adapter-kit";
import type { Json, OtherKind } from "@tributary/adapter-kit";

/**
 * The records of what Snyk sends: a page of the REST API (`data.items`, absent when there is none), an array of the v1 API,
 * an EventBridge envelope, whose own members are the carrier's, a webhook delivery or its body alone.
 */
export function snykRecords(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(snykRecords);
  const data = valueAt(value, "data");
  if (valueAt(value, "jsonapi") !== undefined && isObject(data)) {
    const items = valueAt(data, "items");
    return Array.isArray(items) ? (items as readonly Json[]) : [];
  }
  const detail = valueAt(value, "detail");
  if (valueAt(value, "detail-type") !== undefined && isObject(detail)) return [detail];
  return [isSnapshot(value) ? { payload: value } : value];
}

/** Whether a value is the body of a webhook's project_snapshot, the only event there is beside a ping. */
export function isSnapshot(value: Json | undefined): boolean {
  return isObject(valueAt(value, "project")) && Array.isArray(valueAt(value, "newIssues"));
}

/** Whether a record is a webhook delivery: its headers' values and the payload that was sent. */
export function isDelivery(record: unknown): boolean {
  return isObject(valueAt(record, "payload")) && valueAt(record, "created") === undefined;
}

/** Records that look like Snyk's and are none of those that are mapped: refused by name rather than mapped wrongly. */
const otherKinds: readonly OtherKind[] = [
  {
    code: "API_ERROR",
    is: (record) => Array.isArray(valueAt(record, "errors")) || typeof valueAt(record, "code") === "number",
    path: "/errors",
    why: "This is an error answer of the API, not a page of records.",
  },
  {
    code: "ISSUE_FINDING",
    is: (record) => valueAt(record, "class_uid") !== undefined && isObject(valueAt(record, "finding")),
    path: "/finding",
    why: "This is an issue event, a finding in the Open Cybersecurity Schema: it says what is wrong with a project, not who did what.",
  },
  {
    code: "RECORD_NOT_RECOGNISED",
    is: () => true,
    path: "/event",
    why: "Not a record of Snyk: neither an event, as audit logs have one, nor the payload of a webhook.",
  },
];

/** Throws {@link Refused} with the name of what the record is, if it is none that is mapped. */
export function refuseUnmapped(record: unknown): void {
  if (valueAt(record, "event") === undefined && !isDelivery(record)) refuseOtherKinds(otherKinds, record);
}
