import { decodeJson, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";
import { nameMembers } from "./event-name.ts";

const wrappers = ["Records", "records", "events", "auditEvents"];

/**
 * The records of an array, of a wrapper (`{"Records": [...]}` and the like), of a request of PutAuditEvents or one of its
 * entries, where eventData may be JSON text. The other members of a wrapper are not the record's. What names an action itself
 * is a record, whatever it holds.
 */
export function records(value: Json): readonly Json[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap(records);
  if (isNamed(value)) return [value];
  for (const wrapper of wrappers) {
    const wrapped = valueAt(value, wrapper);
    if (Array.isArray(wrapped)) return (wrapped as readonly Json[]).flatMap(records);
  }
  const carried = valueAt(value, "eventData");
  const data = typeof carried === "string" ? parsed(carried) : carried;
  return [data ?? value];
}

function isNamed(value: Json): boolean {
  return nameMembers.some((member) => textAt(value, member) !== undefined);
}

function parsed(text: string): Json | undefined {
  try {
    return decodeJson(text).value;
  } catch {
    return undefined;
  }
}
