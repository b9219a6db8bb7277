import { decodeJson, isObject, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";
import { isEventData } from "./is-event-data.ts";

/** The names of the columns that the mapping reads, as they are spelt in lower case with one blank between words. */
const columns: ReadonlyMap<string, string> = new Map([
  ["timestamp", "timestamp"],
  ["operation start time", "timestamp"],
  ["details", "details"],
  ["status", "status"],
  ["user", "user"],
  ["user name", "user"],
  ["username", "user"],
]);

/**
 * The records of an array, of a request of PutAuditEvents or one of its entries (eventData may be JSON text); a row of the
 * audit log with its columns named alike whatever the case of the header, so that a row has one id in each format.
 */
export function records(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(records);
  if (isEventData(value)) return [value];
  const entries = valueAt(value, "auditEvents");
  if (Array.isArray(entries)) return (entries as readonly Json[]).flatMap(records);
  const carried = valueAt(value, "eventData");
  const data = typeof carried === "string" ? parsed(carried) : carried;
  if (isEventData(data)) return [data];
  return [isObject(value) ? named(value) : value];
}

/** A row with the columns that are known under their one name; where a name is taken already, the column keeps its own. */
function named(row: JsonObject): Json {
  const taken = new Set(Object.keys(row));
  return Object.fromEntries(
    Object.entries(row).map(([key, cell]) => {
      const name = columns.get(
        key
          .trim()
          .toLowerCase()
          .replaceAll(/[\s_]+/g, " "),
      );
      if (name === undefined || taken.has(name)) return [key, cell];
      taken.add(name);
      return [name, cell];
    }),
  );
}

function parsed(text: string): Json | undefined {
  try {
    return decodeJson(text).value;
  } catch {
    return undefined;
  }
}
