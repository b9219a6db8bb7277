import type { Json, JsonObject } from "./contract/json.ts";

/** An object under construction. */
export type Draft = { [key: string]: Json };

/** Sets a member as JSON means it: `__proto__` is a key like any other. */
export function setOwn(target: Draft, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A member that the value itself has, never one of a prototype. Arrays answer to their indices. */
export function getOwn(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value) && key === "length") return undefined;
  return Object.hasOwn(value, key) ? (value as JsonObject)[key] : undefined;
}

/** Whether a value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
