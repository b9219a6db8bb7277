import { parseJson as parse } from "@tributary/schema";
import type { Json, JsonObject } from "./contract/json.ts";

/** An object under construction. */
export type Draft = { [key: string]: Json };

/** Sets a member as JSON means it: `__proto__` is a key like any other. */
export function setOwn<Value>(target: { [key: string]: Value }, key: string, value: Value): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A member that the value itself has, never one of a prototype. Arrays answer to their indices. */
export function getOwn(value: unknown, key: string | number): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (isArray(value)) return Object.hasOwn(value, key) && key !== "length" ? value[Number(key)] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Whether a value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `Array.isArray` for readonly arrays of JSON. */
export function isArray(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** JSON with its own keys: V8 alone reads escaped ones wrongly, see `parseJson` of the schema. Throws a SyntaxError. */
export function parseJson(text: string): Json {
  return parse(text);
}
