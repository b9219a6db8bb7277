import { valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject, Taking } from "@tributary/adapter-kit";

/**
 * `AuditKeyValues` of an event as an object: `[{Key, ValueString}]` becomes `{key: value}`, a key that comes twice an
 * array. The list is taken when the object says all of it; one with blanks or anything but such pairs stays in the rest,
 * too.
 * @param body the path of the event in the record
 */
export function keyValues(event: unknown, take: Taking, body: readonly string[]): JsonObject | undefined {
  const list = valueAt(event, "AuditKeyValues");
  if (!Array.isArray(list)) return undefined;
  const values = new Map<string, string | readonly string[]>();
  let whole = true;
  for (const pair of list as readonly Json[]) {
    const key = valueAt(pair, "Key");
    const value = valueAt(pair, "ValueString");
    if (typeof key === "string" && typeof value === "string") {
      const before = values.get(key);
      values.set(key, before === undefined ? value : [before, value].flat());
      whole &&= key !== "" && value !== "" && Object.keys(Object(pair)).length === 2;
    } else whole = false;
  }
  if (values.size === 0) return undefined;
  if (whole) take.value(...body, "AuditKeyValues");
  return Object.fromEntries(values);
}
