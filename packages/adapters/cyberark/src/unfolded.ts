import { isObject, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

/**
 * A record with its texts of several values as objects: `ExtraDetails` (`key=value;key=value;`) of the Vault's JSON, XML and
 * LEEF, and `CAProperties` (a list of Name and Value). What does not read so stays as it is, so that nothing is lost.
 */
export function unfolded(record: JsonObject): JsonObject {
  let changed = record;
  const details = keyValues(valueAt(record, "ExtraDetails"));
  if (details !== undefined) changed = { ...changed, ExtraDetails: details };
  const properties = propertiesOf(valueAt(record, "CAProperties"));
  if (properties !== undefined) changed = { ...changed, CAProperties: properties };
  const attributes = valueAt(record, "attributes");
  const inner = valueAt(record, "leef") !== undefined && isObject(attributes) ? unfolded(attributes) : attributes;
  return inner === attributes || inner === undefined ? changed : { ...changed, attributes: inner };
}

/** What may follow a command; anything else that looks like a key, such as `b=2` of `set a=1;b=2`, was typed. */
const afterCommand: ReadonlySet<string> = new Set([
  "ApplicationType",
  "ConnectAs",
  "ConnectionComponentId",
  "DataBase",
  "DstHost",
  "ManagedAccount",
  "ProcessId",
  "ProcessName",
  "Protocol",
  "PSMID",
  "SessionDuration",
  "SessionID",
  "SrcHost",
  "User",
]);
const pair = /^([A-Za-z][A-Za-z0-9_.]*(?: [A-Za-z0-9_.]+)*)=/;

/** `a=b;c=d;` as an object. A piece that begins with no key belongs to the value before it; `\;` is no end. */
function keyValues(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== "string") return undefined;
  const values = new Map<string, string>();
  let last: string | undefined;
  for (const piece of text.replace(/(?<!\\);$/, "").split(/(?<!\\);/)) {
    const found = pair.exec(piece)?.[1];
    const key = found !== undefined && values.has("Command") && !afterCommand.has(found) ? undefined : found;
    const written = piece.slice(key === undefined ? 0 : key.length + 1).replaceAll("\\;", ";");
    if (key !== undefined) {
      if (values.has(key)) return undefined;
      last = key;
      values.set(key, written);
    } else if (last === undefined) return undefined;
    else values.set(last, `${values.get(last)};${written}`);
  }
  return Object.fromEntries(values);
}

/** `{ CAProperty: [{ Name, Value }] }` as `{ name: value }`; XML has no list for a single one. */
function propertiesOf(value: Json | undefined): JsonObject | undefined {
  if (!isObject(value) || Object.keys(value).length !== 1) return undefined;
  const listed = valueAt(value, "CAProperty");
  const items: readonly (Json | undefined)[] = Array.isArray(listed) ? (listed as readonly Json[]) : [listed];
  const values = new Map<string, Json>();
  for (const item of items) {
    const name = valueAt(item, "Name");
    const held = valueAt(item, "Value");
    if (!isObject(item) || Object.keys(item).length !== 2) return undefined;
    if (typeof name !== "string" || name === "" || held === undefined || values.has(name)) return undefined;
    values.set(name, held);
  }
  return Object.fromEntries(values);
}
