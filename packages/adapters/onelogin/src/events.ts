import { isObject, Refused, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/**
 * The events of what OneLogin sends: an array (webhook), an answer of the Events API (`data`), an EventBridge envelope
 * (`detail`), or one event. Throws {@link Refused} `API_ERROR` for an error answer. What stands around the events (status,
 * pagination, the envelope's own id and time) is the carrier's.
 */
export function events(value: Json): readonly Json[] {
  // In an array an error refuses itself alone: it has no type.
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((element) => (isError(element) ? [element] : events(element)));
  const detail = valueAt(value, "detail");
  if (valueAt(value, "detail-type") !== undefined && isObject(detail)) return [detail];
  if (!isObject(valueAt(value, "status"))) return [value];
  if (isError(value))
    throw new Refused("API_ERROR", "This is an error answer of the API, not a page of events.", "/status");
  const data = valueAt(value, "data");
  return Array.isArray(data) ? (data as readonly Json[]) : [value];
}

const isError = (value: Json): boolean => valueAt(value, "status", "error") === true;
