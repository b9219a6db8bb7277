import { defaultSecretKeys, maskText, text, valueAt } from "@tributary/adapter-kit";
import type { Json, JsonObject, Taking } from "@tributary/adapter-kit";

const plain = (key: string) => key.toLowerCase().replaceAll(/[-_. ]/g, "");
/** Keys of AuditKeyValues whose values are masked: here the name of a secret is a value, so the kit cannot see it. */
const secretKeys = new Set(defaultSecretKeys.map(plain));

/**
 * `AuditKeyValues` as an object: `[{Key, ValueString}]` becomes `{key: value}`, a key that comes twice an array. A list
 * with anything else in it is not taken and stays in the rest as it is.
 */
export function keyValues(record: unknown, take: Taking, body: readonly string[]): JsonObject | undefined {
  const list = valueAt(record, ...body, "AuditKeyValues");
  if (!Array.isArray(list) || list.length === 0 || !(list as readonly Json[]).every(isPair)) return undefined;
  take.value(...body, "AuditKeyValues");
  const values = new Map<string, Json>();
  for (const pair of list as readonly { readonly Key: string; readonly ValueString: Json }[]) {
    const secret = secretKeys.has(plain(pair.Key));
    const value = secret && text(pair.ValueString) !== undefined ? maskText : pair.ValueString;
    const before = values.get(pair.Key);
    values.set(
      pair.Key,
      before === undefined ? value : Array.isArray(before) ? [...(before as readonly Json[]), value] : [before, value],
    );
  }
  return Object.fromEntries(values);
}

function isPair(value: Json): boolean {
  if (typeof value !== "object" || value === null || Object.keys(value).length !== 2) return false;
  const held = valueAt(value, "ValueString");
  return typeof valueAt(value, "Key") === "string" && (typeof held === "string" || held === null);
}
