import type { Json } from "../contract/json.ts";
import { isArray, isObject } from "../own-property.ts";

/** A value with nothing below it (empty objects and arrays are such) and the way to it. */
export interface Leaf {
  readonly path: readonly string[];
  readonly value: Json;
}

/** Every leaf of a value, in its order. */
export function leavesOf(value: Json, path: readonly string[] = []): readonly Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  const entries = Object.entries(value);
  if (entries.length === 0) return [{ path, value }];
  return entries.flatMap(([key, member]) => leavesOf(member, [...path, key]));
}

/** A copy of `value` with the value at `path` replaced. */
export function withValue(value: Json, path: readonly string[], replacement: Json): Json {
  const [step, ...below] = path;
  if (step === undefined) return replacement;
  if (isArray(value))
    return value.map((element, index) => (String(index) === step ? withValue(element, below, replacement) : element));
  if (!isObject(value)) return value;
  const entries = Object.entries(value);
  if (!entries.some(([key]) => key === step)) entries.push([step, null]);
  return Object.fromEntries(
    entries.map(([key, member]) => [key, key === step ? withValue(member, below, replacement) : member]),
  );
}

/** A copy of `value` without the member or element at `path`. */
export function withoutValue(value: Json, path: readonly string[]): Json {
  const [step, ...below] = path;
  if (step === undefined) return value;
  const kept = (key: string, member: Json): readonly [string, Json][] =>
    key !== step ? [[key, member]] : below.length === 0 ? [] : [[key, withoutValue(member, below)]];
  if (isArray(value)) return value.flatMap((element, index) => kept(String(index), element).map(([, left]) => left));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, member]) => kept(key, member)));
}
