import type { Json } from "../contract/json.ts";
import { pointerTo } from "../json-pointer.ts";
import { isObject } from "../own-property.ts";

/** Whether a value nests deeper than `levels`. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const member of Object.values(value)) if (isDeeperThan(member, levels - 1)) return true;
  return false;
}

/** A copy that nests at most `levels` deep: what lies deeper stands as its JSON text, its pointer in `paths`. */
export function flatten(value: Json, levels: number, pointer: string, paths: string[]): Json {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) {
    paths.push(pointer);
    return JSON.stringify(value);
  }
  if (Array.isArray(value))
    return (value as readonly Json[]).map((element, index) =>
      flatten(element, levels - 1, pointerTo(pointer, index), paths),
    );
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, flatten(member, levels - 1, pointerTo(pointer, key), paths)]),
  );
}
