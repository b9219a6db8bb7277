import { isArray, isObject, secretsOf, textAt, valueAt } from "@tributary/adapter-kit";
import type { Json } from "@tributary/adapter-kit";

const secrets = secretsOf();

/**
 * JSON pointers of the values of `AuditKeyValues` whose `Key` names a secret. The kit knows secrets by the names of members, and
 * here the name is a value.
 */
export function secretAuditValues(record: unknown): readonly string[] {
  return [
    ...secretValues(valueAt(record, "AuditKeyValues"), "/AuditKeyValues"),
    ...secretValues(valueAt(record, "event", "AuditKeyValues"), "/event/AuditKeyValues"),
  ];
}

function secretValues(list: Json | undefined, pointer: string): readonly string[] {
  if (!isArray(list)) return [];
  return list.flatMap((pair, index) => {
    const key = textAt(pair, "Key");
    return isObject(pair) && key !== undefined && secrets.isSecret(key) ? [`${pointer}/${index}/ValueString`] : [];
  });
}
