import { pointerTo } from "../json-pointer.ts";
import { getOwn, isArray, isObject } from "../own-property.ts";

/** Whether a value nests deeper than `levels`. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const key in value) if (isDeeperThan(getOwn(value, key), levels - 1)) return true;
  return false;
}

/** A copy of an object of JSON members that nests at most `levels` deep, itself counted. See {@link flatten}. */
export function flattenMembers(
  members: Readonly<Record<string, unknown>>,
  levels: number,
  paths: string[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([key, member]) => [key, flatten(member, levels - 1, pointerTo("", key), paths)]),
  );
}

/** A copy that nests at most `levels` deep: what lies deeper stands as its JSON text, its pointer in `paths`. */
function flatten(value: unknown, levels: number, pointer: string, paths: string[]): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) {
    paths.push(pointer);
    return JSON.stringify(value);
  }
  if (isArray(value))
    return value.map((element, index) => flatten(element, levels - 1, pointerTo(pointer, index), paths));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, flatten(member, levels - 1, pointerTo(pointer, key), paths)]),
  );
}
