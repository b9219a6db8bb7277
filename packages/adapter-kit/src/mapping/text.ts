import type { Json, JsonObject } from "../contract/json.ts";
import { getOwn, setOwn } from "../own-property.ts";
import type { Draft } from "../own-property.ts";

/** A step of a path: a member's name or an element's index. */
export type Step = string | number;

/** The value at a path, or undefined. Looks at own members only and never throws. */
export function valueAt(record: unknown, ...path: readonly Step[]): Json | undefined {
  return valueAtPath(record, path);
}

/** {@link valueAt} with the steps in an array. */
export function valueAtPath(record: unknown, path: readonly Step[]): Json | undefined {
  let value = record;
  for (let index = 0; index < path.length && value !== undefined; index += 1) value = getOwn(value, path[index]!);
  return isJson(value) ? value : undefined;
}

/** What came of JSON: everything but undefined and functions. */
function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== "function";
}

/** A text for an event's string member: strings that are not blank, numbers and booleans as text; else undefined. */
export function text(value: unknown): string | undefined {
  if (typeof value === "string") return isBlank(value) ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return undefined;
}

function isBlank(value: string): boolean {
  const first = value.charCodeAt(0);
  // Visible ASCII, as nearly every text begins, is no white space.
  return !(first > 0x20 && first < 0x7f) && value.trim() === "";
}

/** The {@link text} at a path. */
export function textAt(record: unknown, ...path: readonly Step[]): string | undefined {
  return text(valueAtPath(record, path));
}

/**
 * `members` without those that are undefined, itself where all are there; undefined when none is left. For members that
 * must be an object or absent.
 */
export function compact(members: { readonly [key: string]: Json | undefined }): JsonObject | undefined {
  if (isComplete(members)) return members;
  const kept: Draft = {};
  let some = false;
  for (const key in members) {
    const member = members[key];
    if (member === undefined) continue;
    setOwn(kept, key, member);
    some = true;
  }
  return some ? kept : undefined;
}

/** Whether there are members and none is undefined. */
function isComplete(members: { readonly [key: string]: Json | undefined }): members is JsonObject {
  let some = false;
  for (const key in members) {
    if (members[key] === undefined) return false;
    some = true;
  }
  return some;
}
