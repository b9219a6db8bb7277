import { decodeJson, isObject, Refused, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/**
 * The audit events of an answer of `/audit-trails` (`_embedded.items`), of an array, or one event, each with `details` read.
 * Throws {@link Refused} `API_ERROR` for an error answer. An answer's links and counts are no part of the events.
 */
export function auditEvents(value: Json): readonly Json[] {
  // In an array an error refuses itself alone: it has no action.
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((element) => (isError(element) ? [element] : auditEvents(element)));
  if (isError(value))
    throw new Refused("API_ERROR", "This is an error answer of the API, not a page of audit events.", "/errors");
  // An event may have links of its own; an answer has no action.
  if (valueAt(value, "_links") === undefined || valueAt(value, "action") !== undefined) return [detailed(value)];
  const items = valueAt(value, "_embedded", "items");
  if (Array.isArray(items)) return (items as readonly Json[]).map(detailed);
  // An answer without events may have no list; what is neither is refused, not passed over.
  return valueAt(value, "_embedded") === undefined ? [value] : [];
}

const isError = (value: Json): boolean =>
  Array.isArray(valueAt(value, "errors")) && valueAt(value, "action") === undefined;

/**
 * An event whose `details`, a JSON object kept as text, is that object: so that the secrets in it are masked wherever they
 * stand, and its members are found where `details_json` has them. Other texts stay as they are.
 */
function detailed(event: Json): Json {
  const details = valueAt(event, "details");
  if (!isObject(event) || typeof details !== "string") return event;
  const read = readObject(details);
  return read === undefined ? event : { ...event, details: read };
}

function readObject(text: string): JsonObject | undefined {
  try {
    const { value } = decodeJson(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
