import { isObject, refuseOtherKinds, valueAt } from "@tributary/adapter-kit";
import type { Json, OtherKind } from "@tributary/adapter-kit";

const has = (value: unknown, key: string) => (valueAt(value, key) ?? null) !== null;

/** Records that look like GitHub's and are none of those that are mapped: refused by name rather than mapped wrongly. */
const otherKinds: readonly OtherKind[] = [
  {
    code: "API_ERROR",
    is: (value) =>
      typeof valueAt(value, "message") === "string" && has(value, "documentation_url") && !has(value, "action"),
    path: "/message",
    why: "This is an error answer of the REST API, not a page of records.",
  },
  {
    code: "WEBHOOK_PAYLOAD",
    is: (value) => has(value, "guid") && has(value, "delivered_at") && !isDelivery(value),
    path: "/request/payload",
    why: "This is a webhook delivery without its payload, as the list of deliveries has it: fetch the delivery by its id.",
  },
  {
    code: "RECORD_NOT_RECOGNISED",
    is: (value) => !has(value, "action") && !isDelivery(value),
    path: "/action",
    why: "Not a record of GitHub: neither an action, as audit log records have one, nor the payload of a webhook.",
  },
];

/** Whether a record is a webhook delivery: a request with the payload that was sent. */
export function isDelivery(value: unknown): boolean {
  return isObject(valueAt(value, "request", "payload"));
}

/** Throws {@link Refused} with the name of what the record is, if it is none that is mapped. */
export function refuseUnmapped(record: unknown): void {
  refuseOtherKinds(otherKinds, record);
}

const payloadObjects = ["repository", "organization", "sender"];

/**
 * The records of a line, of an API page (an array) or of a webhook. A webhook's bare body becomes a delivery of which only
 * the payload is known: in the audit log `repository` and `organization` are names, in a body they are objects.
 */
export function githubRecords(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(githubRecords);
  const bare = !isDelivery(value) && payloadObjects.some((key) => isObject(valueAt(value, key)));
  return [bare ? { request: { payload: value } } : value];
}
