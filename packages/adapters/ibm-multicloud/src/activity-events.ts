import { decodeJson, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/**
 * The eventData of what carries it: `{"eventData": ...}` as the vendor's examples have it, an entry or a whole request of
 * PutAuditEvents (where eventData is JSON text), an array of any of them, or eventData by itself. The other members of a
 * carrier are not the record's, so a record has one id however it came.
 */
export function activityEvents(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(activityEvents);
  const entries = valueAt(value, "auditEvents");
  if (Array.isArray(entries)) return (entries as readonly Json[]).flatMap(activityEvents);
  const carried = valueAt(value, "eventData");
  const data = typeof carried === "string" ? parsed(carried) : carried;
  return [data !== undefined && textAt(data, "eventName") !== undefined ? data : value];
}

function parsed(text: string): Json | undefined {
  try {
    return decodeJson(text).value;
  } catch {
    return undefined;
  }
}
