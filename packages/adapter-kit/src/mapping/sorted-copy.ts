import type { Json } from "../contract/json.ts";
import { isArray, isObject, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";

/**
 * A JSON value with the members of every object in the order of their UTF-16 code units, so that one native call writes its
 * canonical text. Undefined where that text would be another: for what is no JSON, and for keys that begin with a digit,
 * which objects put first.
 */
export function sortedCopy(value: unknown): Json | undefined {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (isArray(value)) {
    const copy: Json[] = [];
    for (let index = 0; index < value.length; index += 1) {
      const element = sortedCopy(value[index]);
      if (element === undefined) return undefined;
      copy.push(element);
    }
    return copy;
  }
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  for (let index = 1; index < keys.length; index += 1) {
    if (keys[index]! > keys[index - 1]!) continue;
    keys.sort();
    break;
  }
  const copy: Draft = {};
  for (const key of keys) {
    const first = key.charCodeAt(0);
    const member = first >= 48 && first <= 57 ? undefined : sortedCopy(value[key]);
    if (member === undefined) return undefined;
    setOwn(copy, key, member);
  }
  return copy;
}
