import { isObject, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/** Members of a LogEvent that warehouses write in lower case. */
const cased: ReadonlyMap<string, string> = new Map(
  [
    "authenticationContext",
    "debugContext",
    "displayMessage",
    "eventType",
    "insertionTimestamp",
    "legacyEventType",
    "securityContext",
  ].map((name) => [name.toLowerCase(), name]),
);

/**
 * The LogEvents of what Okta sends: an array (API page, export), an event hook's body, an EventBridge envelope, or one
 * LogEvent. An envelope's own members (delivery time, account, hook id) are the carrier's, not the record's: the event is
 * the same whichever way the record came, so a record that came twice has one id and the same bytes.
 */
export function logEvents(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(logEvents);
  const hooked = valueAt(value, "data", "events");
  if (valueAt(value, "eventType") === "com.okta.event_hook" && Array.isArray(hooked)) return hooked as readonly Json[];
  const detail = valueAt(value, "detail");
  if (valueAt(value, "detail-type") !== undefined && isObject(detail)) return [detail];
  return [isObject(value) && valueAt(value, "eventtype") !== undefined ? recased(value) : value];
}

/** A warehouse row with its members spelt as Okta spells them; a name that is there in both spellings stays as it is. */
function recased(row: JsonObject): Json {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      const name = cased.get(key) ?? key;
      return [Object.hasOwn(row, name) ? key : name, value];
    }),
  );
}
