import { isObject, maskText, secretsOf, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject } from "@tributary/adapter-kit";

const secrets = secretsOf();

/**
 * A record whose `AuditKeyValues` hold no secret: the value of each pair whose `Key` names one is masked. The kit masks by
 * the names of members, and here the name is a value.
 */
export function maskAuditKeys(record: Json): Json {
  if (!isObject(record)) return record;
  const list = maskList(record["AuditKeyValues"]);
  if (list !== undefined) return { ...record, AuditKeyValues: list };
  const event = record["event"];
  const inner = isObject(event) ? maskList(event["AuditKeyValues"]) : undefined;
  return isObject(event) && inner !== undefined ? { ...record, event: { ...event, AuditKeyValues: inner } } : record;
}

/** The list with its secrets masked; undefined when it has none. */
function maskList(list: Json | undefined): Json | undefined {
  if (!Array.isArray(list)) return undefined;
  const pairs: readonly Json[] = list;
  if (!pairs.some((pair) => isObject(pair) && isSecret(pair))) return undefined;
  return pairs.map((pair) => (isObject(pair) && isSecret(pair) ? { ...pair, ValueString: maskText } : pair));
}

function isSecret(pair: JsonObject): boolean {
  const key = valueAt(pair, "Key");
  return typeof key === "string" && secrets.isSecret(key) && (valueAt(pair, "ValueString") ?? "") !== "";
}
