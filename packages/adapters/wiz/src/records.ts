import { isObject, Refused, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

/** Members of an audit log entry that some collectors write in lower case. */
const cased: ReadonlyMap<string, string> = new Map(
  ["actionParameters", "actionType", "requestId", "serviceAccount", "sourceIP", "userAgent"].map((name) => [
    name.toLowerCase(),
    name,
  ]),
);

/** Where an answer of the GraphQL API holds its records: audit log entries, issues, and issues under an alias. */
const connections = ["auditLogEntries", "issuesV2", "issues"];

/**
 * The records of what Wiz sends: an answer of the GraphQL API, an array, a webhook's body or one record. Throws
 * {@link Refused} `API_ERROR` for an answer that holds errors in place of records, which comes with HTTP 200.
 */
export function records(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(records);
  for (const connection of connections) {
    const nodes = valueAt(value, "data", connection, "nodes");
    if (Array.isArray(nodes)) return (nodes as readonly Json[]).map(recased);
  }
  if (valueAt(value, "action") === undefined && Array.isArray(valueAt(value, "errors")))
    throw new Refused("API_ERROR", "This is an error answer of the GraphQL API, not a page of records.", "/errors");
  return [recased(value)];
}

/** An audit log entry with its members spelt as Wiz spells them; a name that is there in both spellings stays as it is. */
function recased(entry: Json): Json {
  if (!isObject(entry) || entry["action"] === undefined) return entry;
  if (!Object.keys(entry).some((key) => cased.has(key))) return entry;
  return Object.fromEntries(
    Object.entries(entry).map(([key, member]) => {
      const name = cased.get(key) ?? key;
      return [Object.hasOwn(entry, name) ? key : name, member];
    }),
  );
}
